package io.evenkeel.benchmarks.simulation;

import static io.evenkeel.benchmarks.simulation.Claim.atLeast;
import static io.evenkeel.benchmarks.simulation.Claim.atMostAs;
import static io.evenkeel.benchmarks.simulation.Claim.reproduces;
import static io.evenkeel.benchmarks.simulation.Contender.ADAPTIVE;
import static io.evenkeel.benchmarks.simulation.Contender.PEAK_EWMA;
import static io.evenkeel.benchmarks.simulation.Contender.ROUND_ROBIN;
import static io.evenkeel.benchmarks.simulation.Contender.TWO_CHOICES;
import static io.evenkeel.benchmarks.simulation.Figure.MEAN;
import static io.evenkeel.benchmarks.simulation.Figure.SUCCESS;

import io.evenkeel.okhttp.CallPolicy;
import java.util.List;

/**
 * Servers that work on four requests at a time, 10 ms each on average, and queue the others. Their numbers and limits are
 * chosen so that round robin, two choices and Peak EWMA fare as an earlier simulation of ours had them.
 */
final class QueuedServers {
    private static final int SLOTS = 4;

    /** Requests a second of one server that never waits. */
    private static final double CAPACITY = SLOTS * 100;

    private static final CallPolicy AFTER_P95 = CallPolicy.defaults().withHedgeAfterP95();

    /** Hedges for each request. */
    private static final double BUDGET = 0.05;

    private QueuedServers() {}

    static List<Scenario> all() {
        return List.of(
                failsFast(),
                pauses("pauses", "Each of 20 servers stands still for 0.3 s to 1 s every 15 s; 20 clients")
                        .plotted()
                        .claims(
                                reproduces(ROUND_ROBIN, SUCCESS, 89.50, 1),
                                reproduces(TWO_CHOICES, SUCCESS, 99.03, 0.5),
                                reproduces(PEAK_EWMA, SUCCESS, 97.69, 1),
                                atLeast(ADAPTIVE, SUCCESS, 99.75)),
                pauses("pauses-hedged", "The same; a second attempt after the p95, for one request of 20 at most")
                        .hedged(AFTER_P95, BUDGET),
                pauses("pauses-hedged-told", "The same; and servers stop work on what was answered elsewhere")
                        .hedged(AFTER_P95, BUDGET)
                        .serversTold(),
                pauses("pauses-hedged-late", "As pauses-hedged; but after the p99")
                        .hedged(CallPolicy.defaults().withHedgeQuantile(0.99), BUDGET)
                        .claims(atLeast(ADAPTIVE, SUCCESS, 99.9)),
                uneven(),
                equal(),
                heavyTail("heavy-tail", "One request of 20 takes 100 ms instead of 5 ms; 5 servers at 74 %; 3 clients")
                        .claims(
                                reproduces(TWO_CHOICES, MEAN, 12.2, 0.5),
                                reproduces(PEAK_EWMA, MEAN, 12.4, 0.5),
                                atMostAs(TWO_CHOICES, ADAPTIVE, MEAN)),
                heavyTail(
                                "heavy-tail-hedged",
                                "The same; a second attempt after the p95, for one request of 20 at most")
                        .hedged(AFTER_P95, BUDGET),
                fewClients());
    }

    private static Scenario failsFast() {
        return scenario(
                        "fails-fast",
                        "One of 10 servers answers errors after 1 ms from 15 s to 45 s; 10 clients",
                        10,
                        0.75)
                .clients(10)
                .limitMillis(150)
                .trouble(15, 45)
                .script(fleet -> {
                    fleet.at(15, () -> fleet.server(0).failing(true));
                    fleet.at(45, () -> fleet.server(0).failing(false));
                })
                .claims(
                        reproduces(ROUND_ROBIN, SUCCESS, 95.00, 0.5),
                        reproduces(TWO_CHOICES, SUCCESS, 93.49, 0.5),
                        reproduces(PEAK_EWMA, SUCCESS, 90.46, 0.5),
                        atLeast(ADAPTIVE, SUCCESS, 99.95));
    }

    private static Scenario pauses(String name, String title) {
        return scenario(name, title, 20, 0.7)
                .clients(20)
                .limitMillis(140)
                .thorough()
                .script(fleet -> fleet.servers().forEach(server -> pauseOnceInAWhile(fleet, server)));
    }

    private static void pauseOnceInAWhile(Fleet fleet, Server server) {
        fleet.in(15 * Work.exponential(fleet.random()), () -> {
            server.paused(true);
            fleet.in(0.3 + 0.7 * fleet.random().nextDouble(), () -> {
                server.paused(false);
                pauseOnceInAWhile(fleet, server);
            });
        });
    }

    private static Scenario uneven() {
        return scenario(
                        "uneven",
                        "5 of 10 servers are twice as slow, at 90 % of what all can do; 16 clients",
                        10,
                        0.9 * 0.75)
                .clients(16)
                .limitMillis(130)
                .warmUp(10)
                .script(fleet -> fleet.servers().subList(0, 5).forEach(server -> server.speed(0.5)))
                .claims(
                        reproduces(ROUND_ROBIN, SUCCESS, 50.00, 0.5),
                        reproduces(TWO_CHOICES, SUCCESS, 97.23, 1),
                        reproduces(PEAK_EWMA, SUCCESS, 99.82, 0.1),
                        atLeast(ADAPTIVE, SUCCESS, 99.9));
    }

    private static Scenario equal() {
        return scenario("equal", "10 equal servers at 80 %; 20 clients", 10, 0.8)
                .clients(20)
                .limitMillis(140)
                .claims(reproduces(TWO_CHOICES, MEAN, 14.0, 0.2), atMostAs(TWO_CHOICES, ADAPTIVE, MEAN));
    }

    private static Scenario heavyTail(String name, String title) {
        return scenario(name, title, 5, 0.75)
                .clients(3)
                .work(Work.mixed(5, 100, 0.05))
                .limitMillis(300);
    }

    /** Where looking at few servers only would leave many without work. */
    private static Scenario fewClients() {
        return new Scenario("few-clients", "100 servers that work on one request at a time, at 30 %; 2 clients")
                .servers(100)
                .clients(2)
                .slots(1)
                .work(Work.exponential(10))
                .perSecond(0.3 * 100 * 100)
                .limitMillis(100)
                .claims(atMostAs(TWO_CHOICES, ADAPTIVE, MEAN));
    }

    private static Scenario scenario(String name, String title, int servers, double load) {
        return new Scenario(name, title)
                .servers(servers)
                .slots(SLOTS)
                .work(Work.exponential(10))
                .perSecond(servers * CAPACITY * load);
    }
}
