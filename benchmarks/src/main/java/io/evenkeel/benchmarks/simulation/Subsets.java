package io.evenkeel.benchmarks.simulation;

import static io.evenkeel.benchmarks.simulation.Claim.atLeast;
import static io.evenkeel.benchmarks.simulation.Contender.ADAPTIVE;
import static io.evenkeel.benchmarks.simulation.Contender.ROUND_ROBIN;
import static io.evenkeel.benchmarks.simulation.Figure.SUCCESS;

import io.evenkeel.discovery.Subset;
import java.util.List;

/**
 * 100 clients of 100 equal servers, with all of them or with a subset of 20 each: what the unevenness of subsets does to
 * latency, where clients send alike and where a few send most.
 */
final class Subsets {
    private static final int CLIENTS = 100;
    private static final int SERVERS = 100;
    private static final int SLOTS = 4;
    private static final double WORK = 40;
    private static final double CAPACITY = SLOTS * 1000 / WORK;

    private Subsets() {}

    static List<Scenario> all() {
        return List.of(
                scenario("subset-none", "100 equal servers at 70 %; 100 clients, each with all servers"),
                ofPeer(scenario("subset-peer", "The same, each with a subset of 20 by its number"))
                        .claims(atLeast(ROUND_ROBIN, SUCCESS, 99.85), atLeast(ADAPTIVE, SUCCESS, 99.9)),
                ofClient(scenario("subset-client", "The same, each with a subset of 20 by its name"))
                        .claims(atLeast(ADAPTIVE, SUCCESS, 99.9)),
                scenario("subset-none-zipf", "The same, each with all; a few clients send most")
                        .skewed(),
                ofPeer(scenario("subset-peer-zipf", "The same, each with 20 by its number; a few clients send most"))
                        .skewed(),
                ofClient(scenario("subset-client-zipf", "The same, each with 20 by its name; a few clients send most"))
                        .skewed()
                        .claims(atLeast(ADAPTIVE, SUCCESS, 99.9)));
    }

    private static Scenario ofPeer(Scenario scenario) {
        return scenario.subsets(client -> Subset.ofPeer(client, CLIENTS));
    }

    private static Scenario ofClient(Scenario scenario) {
        return scenario.subsets(client -> Subset.ofClient("client-" + client));
    }

    private static Scenario scenario(String name, String title) {
        return new Scenario(name, title)
                .servers(SERVERS)
                .clients(CLIENTS)
                .slots(SLOTS)
                .work(Work.exponential(WORK))
                .perSecond(0.7 * SERVERS * CAPACITY)
                .seconds(30)
                .warmUp(5)
                .limitMillis(300)
                .aboutSubsets()
                .thorough();
    }
}
