package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.health.FlapDamping;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One forwarder for a long time, under load, while every two seconds something happens to its backends. */
@Tag("netty")
class ForwarderSoak {
    private static final int MINUTES = Integer.getInteger("soak.minutes", 60);
    private static final int BACKENDS = 5;
    private static final Duration PACE = Duration.ofSeconds(2);

    /** From when on nothing may grow: by then all code has run, and what is kept for reuse is there. */
    private static final int WARM = Math.max(1, MINUTES / 12);

    /** A network of this process, so that others on this machine are not counted. */
    private static final int PID = (int) ProcessHandle.current().pid();

    private static final int A = 64 | ((PID >> 8) & 63);
    private static final int B = PID & 255;

    private final Transport transport = Transport.valueOf(System.getProperty("soak.transport", "AUTO"));
    private final TcpSockets sockets = new TcpSockets(A, B);
    private final SoakFlows flows = new SoakFlows();
    private final List<EchoProcess> backends = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    @BeforeEach
    void startBackends() throws IOException {
        for (int i = 1; i <= BACKENDS; i++) {
            backends.add(new EchoProcess("vm" + i, ip(10 + i)));
        }
    }

    @AfterEach
    void endBackends() throws InterruptedException {
        for (EchoProcess backend : backends) {
            backend.close();
        }
    }

    private static String ip(int last) {
        return "127." + A + "." + B + "." + last;
    }

    @Test
    @DisplayName(
            "2. F29: while backends are killed, stopped, removed and come back, nothing grows, and nothing else fails")
    void nothingGrowsAndNothingElseFails() throws Exception {
        try (LoadBalancer balancer = balancer();
                Forwarder forwarder = forwarder(balancer)) {
            assertTrue(balancer.awaitReady(BACKENDS, Duration.ofSeconds(60)));
            SoakFaults faults = new SoakFaults(backends, balancer.pool(), 1);
            try (SoakLoad load = new SoakLoad(forwarder, flows, faults)) {
                soak(balancer, forwarder, faults, load);
            }
        }
        sockets.awaitNone();

        System.out.println("F29 " + transport + ": " + (failures.isEmpty() ? "passed" : "failed"));
        assertEquals(List.of(), failures);
    }

    private LoadBalancer balancer() {
        return LoadBalancer.builder("soak")
                .backends(backends.stream().map(EchoProcess::backend).toList())
                .probe(HealthProbe.udp(new byte[] {1}, new byte[] {1})) // a stopped process goes on to take connections
                .schedule(ProbeSchedule.defaults()
                        .withInterval(Duration.ofMillis(500))
                        .withFlapDamping(FlapDamping.OFF)) // they are killed far more often than in a life
                .build();
    }

    private Forwarder forwarder(LoadBalancer balancer) throws IOException {
        return Forwarders.builder(
                        transport,
                        LoadBalancingRule.of("tcp", Frontend.tcp(ip(10), 0), balancer.pool()),
                        LoadBalancingRule.of("udp", Frontend.udp(ip(10), 0), balancer.pool())
                                .withIdleTimeout(Duration.ofSeconds(3)))
                .listener(flows)
                .build();
    }

    private void soak(LoadBalancer balancer, Forwarder forwarder, SoakFaults faults, SoakLoad load) throws Exception {
        Footprint warm = null;
        for (int minute = 1; minute <= MINUTES; minute++) {
            long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (System.nanoTime() - end < 0) {
                faults.next();
                Thread.sleep(PACE.toMillis()); // the pace of what happens, not a wait
            }
            faults.repairAll();
            Footprint now = atRest(balancer, load);

            System.out.println("F29 minute " + minute + ": " + now + ", " + load + ", " + faults.count() + " faults, "
                    + flows.refused() + " refused");
            if (minute == WARM) {
                warm = now;
            } else if (warm != null) {
                noteAll(minute, now.growthSince(warm));
            }
        }
        noteAll(MINUTES, load.remarks());
        if (flows.refused() > 0) {
            noteAll(MINUTES, List.of(flows.refused() + " refused, last: " + flows.lastRefusal()));
        }
        if (forwarder.faults().count() > 0) {
            noteAll(MINUTES, List.of(forwarder.faults().count() + " faults inside"));
        }
    }

    /** While nothing is under way, so that only what is kept for good is measured. */
    private Footprint atRest(LoadBalancer balancer, SoakLoad load) throws InterruptedException {
        load.pause();
        try {
            Await.until("all flows have ended", Duration.ofMinutes(2), () -> flows.open() == 0);
            assertTrue(balancer.awaitReady(BACKENDS, Duration.ofSeconds(60)));
            sockets.awaitNone();
            flows.forget();
            return Footprint.now();
        } finally {
            load.resume();
        }
    }

    private void noteAll(int minute, List<String> whats) {
        for (String what : whats) {
            System.out.println("F29 minute " + minute + ": " + what);
            failures.add("minute " + minute + ": " + what);
        }
    }
}
