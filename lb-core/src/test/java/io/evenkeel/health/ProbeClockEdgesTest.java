package io.evenkeel.health;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.BackendState;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Pools;
import io.evenkeel.testing.ScriptedProbe;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clocks that run over, and times that are longer than a clock can count. */
@Tag("health")
class ProbeClockEdgesTest {
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final VirtualTime time = new VirtualTime();
    private final ScriptedProbe probe = new ScriptedProbe();
    private final ProbeSchedule schedule = ProbeSchedule.defaults().withJitter(0);

    private BackendPool probed(ProbeSchedule schedule, LongSupplier clock) {
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(1))
                .scheduler(time)
                .nanoClock(clock)
                .listenerExecutor(Runnable::run)
                .build();
        HealthMonitor.start(pool, probe, schedule, time, new SplittableRandom(1), clock);
        return pool;
    }

    @Test
    @DisplayName("6. probes keep their interval while the clock runs over")
    void probesKeepTheirIntervalWhileTheClockRunsOver() {
        probe.forBackend("b0", "up", "up", "up", "down");
        LongSupplier clock = () -> Long.MAX_VALUE - Duration.ofSeconds(40).toNanos() + time.nanoTime();
        BackendPool pool = probed(schedule, clock);

        time.advance(Duration.ofSeconds(100));

        // At once, at any point of the first interval, and every 15 s from then on.
        assertTrue(probe.asked("b0") >= 7 && probe.asked("b0") <= 8, probe.asked("b0") + " probes");
        assertEquals(BackendState.DOWN, Pools.member(pool, "b0").state());
    }

    @Test
    void anIntervalWithoutEndAsksOnce() {
        probe.forBackend("b0", "up");
        BackendPool pool = probed(
                schedule.withInterval(FOREVER).withTimeout(FOREVER).withIntervalWhenFailing(FOREVER), time::nanoTime);

        time.advance(Duration.ofDays(365));

        assertEquals(1, probe.asked("b0"));
        assertEquals(BackendState.UP, Pools.member(pool, "b0").state());
    }

    @Test
    void aFallThatIsNeverForgottenAndTrafficThatIsNeverIdleAreLegal() {
        probe.forBackend("b0", "up", "down", "down", "up", "down", "down", "up", "down", "down", "up", "up", "up");
        BackendPool pool = probed(
                schedule.withFlapDamping(new FlapDamping(FOREVER, 2))
                        .withLiveTraffic(LiveTraffic.IGNORED.withIntervalWhenIdle(Duration.ofDays(200_000))),
                time::nanoTime);

        time.advance(Duration.ofDays(1));

        assertEquals(1, probe.asked("b0"));
        assertEquals(BackendState.UP, Pools.member(pool, "b0").state());
    }
}
