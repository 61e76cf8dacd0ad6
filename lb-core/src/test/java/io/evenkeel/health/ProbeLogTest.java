package io.evenkeel.health;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.ScriptedProbe;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class ProbeLogTest {
    private final VirtualTime time = new VirtualTime();
    private final ScriptedProbe probe = new ScriptedProbe();

    private HealthMonitor monitor() {
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(1))
                .nanoClock(time::nanoTime)
                .build();
        return HealthMonitor.start(
                pool, probe, ProbeSchedule.defaults().withJitter(0), time, new SplittableRandom(1), time::nanoTime);
    }

    @Test
    void theLogTellsEachProbeAndEachChangeOfAVerdict() {
        probe.forBackend("b0", "up", "down", "hang");
        HealthMonitor monitor = monitor();
        time.advance(Duration.ofSeconds(1 + 15 + 15 + 5));

        assertEquals(
                "GOOD answered PT0S, UP answered PT0S, BAD refused PT0S, BAD no answer within PT5S PT5S,"
                        + " DOWN no answer within PT5S PT5S",
                monitor.log().stream()
                        .limit(5)
                        .map(entry -> entry.event() + " " + entry.reason() + " " + entry.took())
                        .collect(Collectors.joining(", ")));
        for (int i = 0; i < 5; i++) {
            assertEquals(i, monitor.log().get(i).number());
        }
    }

    @Test
    void theLogKeepsChangesLongerThanProbes() {
        probe.forBackend("b0", "up");
        HealthMonitor monitor = monitor();

        time.advance(Duration.ofHours(10));

        assertEquals(257, monitor.log().size());
        assertEquals(ProbeLog.Event.UP, monitor.log().get(0).event());
    }
}
