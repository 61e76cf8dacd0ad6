package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.selectable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.testing.Await;
import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an operator may do to a member, and what time then brings. */
@Tag("health")
class OperatorTest {
    private final VirtualTime time = new VirtualTime();
    private final EventLog log = new EventLog();
    private final BackendPool pool = BackendPool.builder("test")
            .backends(backends(3))
            .scheduler(time)
            .nanoClock(time::nanoTime)
            .listenerExecutor(Runnable::run)
            .build();

    @Test
    void theAdminStateOutranksTheProbe() {
        pool.markDown("b0", "refused");

        pool.setAdminState("b0", AdminState.UP);
        pool.setAdminState("b1", AdminState.DOWN);
        assertEquals(Set.of("b0", "b2"), selectable(pool.snapshot()));
        assertEquals("admin state UP", member(pool, "b0").reason());

        pool.setAdminState("b0", AdminState.NONE);
        pool.setAdminState("b1", AdminState.NONE);
        assertEquals(Set.of("b1", "b2"), selectable(pool.snapshot()));
        assertEquals("refused", member(pool, "b0").reason());
    }

    @Test
    void aDrainEndsWhenNothingIsInFlight() {
        pool.listen(log);
        Pick pick = member(pool, "b0").pick();

        CompletableFuture<Boolean> empty =
                pool.drain("b0", Duration.ofMinutes(5)).toCompletableFuture();
        assertEquals(Set.of("b1", "b2"), selectable(pool.snapshot()));
        time.advance(Duration.ofMinutes(1));
        assertFalse(empty.isDone());

        pick.report(Outcome.SUCCESS);
        time.advance(Duration.ZERO);
        assertTrue(empty.join());
        assertEquals(BackendState.DRAINING, member(pool, "b0").state());

        pool.resume("b0");
        assertEquals(Set.of("b0", "b1", "b2"), selectable(pool.snapshot()));
        log.assertEvents(
                "picked b0", "b0 UP -> DRAINING (draining)", "completed b0 SUCCESS", "b0 DRAINING -> UP (not probed)");
    }

    @Test
    void aDrainOfAnIdleMemberEndsAtOnce() {
        CompletableFuture<Boolean> empty =
                pool.drain("b0", Duration.ofMinutes(5)).toCompletableFuture();

        time.advance(Duration.ZERO);

        assertTrue(empty.join());
    }

    @Test
    void aDrainEndsAtItsDeadline() {
        member(pool, "b0").pick();

        CompletableFuture<Boolean> empty =
                pool.drain("b0", Duration.ofMinutes(5)).toCompletableFuture();
        time.advance(Duration.ofMinutes(5));

        assertFalse(empty.join());
        assertEquals(BackendState.DRAINING, member(pool, "b0").state());
    }

    @Test
    void aMemberThatLeavesWhileDrainingIsWaitedFor() {
        Pick pick = member(pool, "b0").pick();
        CompletableFuture<Boolean> empty =
                pool.drain("b0", Duration.ofMinutes(5)).toCompletableFuture();

        pool.remove("b0");
        pick.report(Outcome.FAILURE);
        time.advance(Duration.ZERO);

        assertTrue(empty.join());
    }

    @Test
    void drainingTwiceIsOneDrain() {
        member(pool, "b0").pick();
        CompletableFuture<Boolean> first =
                pool.drain("b0", Duration.ofMinutes(1)).toCompletableFuture();
        CompletableFuture<Boolean> second =
                pool.drain("b0", Duration.ofHours(1)).toCompletableFuture();

        time.advance(Duration.ofMinutes(1));

        assertFalse(first.join());
        assertFalse(second.join());
    }

    @Test
    void whatTheWaitingCodeDoesCannotHarmThePool() {
        pool.drain("b0", Duration.ofMinutes(1)).thenRun(() -> {
            throw new IllegalStateException("on purpose");
        });
        time.advance(Duration.ZERO);

        assertEquals(Set.of("b1", "b2"), selectable(pool.snapshot()));
    }

    @Test
    void badInputIsRefusedWithSettingValueAndExpectation() {
        assertEquals(
                "deadline: PT-1S (expected: >= 0)",
                assertThrows(IllegalArgumentException.class, () -> pool.drain("b0", Duration.ofSeconds(-1)))
                        .getMessage());
        assertEquals(
                "time: PT0S (expected: > 0)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> pool.eject(member(pool, "b0"), Duration.ZERO, "test", 50, 100))
                        .getMessage());
        assertEquals(
                "maxPercent: 101 (expected: 0 to 100)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> pool.eject(member(pool, "b0"), Duration.ofSeconds(1), "test", 101, 100))
                        .getMessage());
    }

    @Test
    void unknownIdsAreRefused() {
        String message = "backend: \"vm9\" (expected: an id that is in pool \"test\")";
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> pool.drain("vm9", Duration.ZERO))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> pool.resume("vm9"))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> pool.setAdminState("vm9", AdminState.UP))
                        .getMessage());
    }

    @Test
    void aFrozenPoolLearnsAndShowsNothingUntilItThaws() {
        pool.eject(member(pool, "b2"), Duration.ofSeconds(30), "on purpose", 50, 100);
        pool.freeze();

        pool.markDown("b0", "refused");
        assertFalse(pool.eject(member(pool, "b1"), Duration.ofSeconds(30), "on purpose", 100, 100));
        time.advance(Duration.ofMinutes(1));
        assertEquals(Set.of("b0", "b1"), selectable(pool.snapshot()));

        pool.setAdminState("b1", AdminState.DOWN); // an operator still may
        assertEquals(Set.of("b0"), selectable(pool.snapshot()));

        pool.thaw();
        assertEquals(Set.of("b2"), selectable(pool.snapshot()));
        assertEquals("refused", member(pool, "b0").reason());
    }

    @Test
    void closeEndsEveryWaitAndLeavesNoTask() {
        member(pool, "b0").pick();
        CompletableFuture<Boolean> empty =
                pool.drain("b0", Duration.ofMinutes(5)).toCompletableFuture();
        pool.eject(member(pool, "b1"), Duration.ofMinutes(5), "on purpose", 100, 100);

        pool.close();
        pool.close();
        time.advance(Duration.ZERO);

        assertFalse(empty.join());
        assertEquals(0, time.pendingTasks());
    }

    @Test
    void aPoolWithoutASchedulerHasAThreadOnlyWhileThereIsNeed() {
        BackendPool own = BackendPool.of("lonely", backend(0), backend(1));
        assertFalse(threads().contains("evenkeel-pool-lonely"));

        own.eject(member(own, "b0"), Duration.ofMillis(1), "on purpose", 50, 100);
        Await.until("the ejection is over", () -> selectable(own.snapshot()).size() == 2);

        own.close();
        Await.until("the thread is gone", () -> !threads().contains("evenkeel-pool-lonely"));
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
