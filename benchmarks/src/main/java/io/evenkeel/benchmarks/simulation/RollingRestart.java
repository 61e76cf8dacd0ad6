package io.evenkeel.benchmarks.simulation;

import static io.evenkeel.benchmarks.simulation.Claim.atLeast;
import static io.evenkeel.benchmarks.simulation.Claim.reproduces;
import static io.evenkeel.benchmarks.simulation.Contender.ADAPTIVE;
import static io.evenkeel.benchmarks.simulation.Contender.PEAK_EWMA;
import static io.evenkeel.benchmarks.simulation.Contender.ROUND_ROBIN;
import static io.evenkeel.benchmarks.simulation.Contender.TWO_CHOICES;
import static io.evenkeel.benchmarks.simulation.Figure.SUCCESS;

import io.evenkeel.LoadBalancerBuilder;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeResult;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.outlier.OutlierPolicy;
import io.evenkeel.pool.SlowStart;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One server after the other is restarted under the traffic of 200 clients. It loses what it works on, refuses connections
 * while it is down, and is cold when it comes back: a quarter as fast at first, and as fast as ever after 5 s.
 *
 * @param downSeconds how long it is down
 * @param everySeconds when the next one follows
 */
record RollingRestart(double downSeconds, double everySeconds) {
    private static final int SERVERS = 20;
    private static final double FIRST = 5;
    private static final double COLD_SECONDS = 5;
    private static final double COLD_SPEED = 0.25;
    private static final int COLD_STEPS = 20;

    static List<Scenario> all() {
        return List.of(
                // So short that no probe would see it: what strategies do by themselves.
                new RollingRestart(0.8, 3.5)
                        .scenario(
                                "restart-bare", "20 servers restart one after the other; 200 clients without any help")
                        .claims(
                                reproduces(ROUND_ROBIN, SUCCESS, 92.2, 1),
                                reproduces(TWO_CHOICES, SUCCESS, 95.7, 1),
                                reproduces(PEAK_EWMA, SUCCESS, 96.7, 1)),
                new RollingRestart(5, 8)
                        .scenario(
                                "restart", "The same with probes, ejection, slow start and a retry of what was refused")
                        .attempts(3)
                        .pools(pool -> pool.slowStart(SlowStart.over(Duration.ofSeconds(10))))
                        .balancers(RollingRestart::watch)
                        .claims(atLeast(ADAPTIVE, SUCCESS, 99.7)));
    }

    private static void watch(LoadBalancerBuilder balancer, Fleet fleet) {
        HealthProbe probe = target -> CompletableFuture.completedFuture(
                fleet.server(Fleet.indexOf(target.backend())).isDown()
                        ? ProbeResult.bad("refused")
                        : ProbeResult.good("answered"));
        balancer.probe(probe)
                .schedule(ProbeSchedule.defaults().withInterval(Duration.ofSeconds(1)))
                .outliers(OutlierPolicy.defaults());
    }

    private Scenario scenario(String name, String title) {
        return new Scenario(name, title)
                .servers(SERVERS)
                .slots(4)
                .clients(200)
                .work(Work.exponential(20))
                .perSecond(SERVERS * 200 * 0.7)
                .seconds(Math.ceil(FIRST + SERVERS * everySeconds + COLD_SECONDS))
                .warmUp((int) FIRST)
                .limitMillis(300)
                .script(this::restartAll);
    }

    private void restartAll(Fleet fleet) {
        for (int i = 0; i < SERVERS; i++) {
            Server server = fleet.server(i);
            double down = FIRST + i * everySeconds;
            fleet.at(down, () -> server.down(true));
            fleet.at(down + downSeconds, () -> server.down(false));
            for (int step = 0; step <= COLD_STEPS; step++) {
                double part = (double) step / COLD_STEPS;
                fleet.at(
                        down + downSeconds + part * COLD_SECONDS,
                        () -> server.speed(COLD_SPEED + (1 - COLD_SPEED) * part));
            }
        }
    }
}
