package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.BackendState;
import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Times that no clock can count, and threads that cannot be had. */
class PoolEdgesTest {
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final VirtualTime time = new VirtualTime();

    private BackendPoolBuilder pool() {
        return BackendPool.builder("test")
                .backends(backends(3))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .listenerExecutor(Runnable::run);
    }

    @Test
    void aDrainMayWaitWithoutEnd() {
        BackendPool pool = pool().build();
        Pick open = member(pool, "b0").pick();

        CompletableFuture<Boolean> end = pool.drain("b0", FOREVER).toCompletableFuture();
        time.advance(Duration.ofDays(365));
        assertFalse(end.isDone());
        open.close();
        time.advance(Duration.ZERO);

        assertTrue(end.join());
    }

    @Test
    void anEjectionMayLastWithoutEndUntilAProbeEndsIt() {
        BackendPool pool = pool().build();

        assertTrue(pool.eject(member(pool, "b0"), FOREVER, "on purpose", 50, 100));
        time.advance(Duration.ofDays(365));
        assertEquals(BackendState.EJECTED, member(pool, "b0").state());

        assertTrue(pool.endEjection(member(pool, "b0")));
        assertEquals(BackendState.UP, member(pool, "b0").state());
    }

    @Test
    void aSlowStartMayLastLongerThanAClockCanCount() {
        BackendPool pool = pool().slowStart(SlowStart.over(FOREVER)).build();
        time.advance(Duration.ofDays(365));

        pool.markDown("b0", "on purpose");
        pool.markUp("b0", "on purpose");

        assertEquals(BackendState.UP, member(pool, "b0").state());
    }

    @Test
    void listenersAreToldOnAfterAThreadCouldNotBeHad() {
        AtomicInteger calls = new AtomicInteger();
        Executor executor = task -> {
            if (calls.getAndIncrement() == 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        };
        BackendPool pool = pool().listenerExecutor(executor).build();
        EventLog log = new EventLog();
        pool.listen(log);

        pool.markDown("b0", "first");
        pool.markDown("b1", "second");

        log.assertEvents("b0 UP -> DOWN (first)", "b1 UP -> DOWN (second)");
        assertEquals(1, pool.faults().count());
    }
}
