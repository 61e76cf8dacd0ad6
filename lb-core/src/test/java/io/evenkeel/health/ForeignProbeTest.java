package io.evenkeel.health;

import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.selectable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.BackendState;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A probe of the user's that takes its time, on real threads. */
@Tag("health")
class ForeignProbeTest {
    private static final ProbeSchedule OFTEN =
            ProbeSchedule.defaults().withInterval(Duration.ofMillis(200)).withTimeout(Duration.ofMillis(150));

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger mostInside = new AtomicInteger();
    private BackendPool pool;
    private HealthMonitor monitor;

    private void monitor(int members, ProbeSchedule schedule, HealthProbe probe) {
        pool = BackendPool.builder("foreign")
                .backends(backends(members))
                .scheduler(scheduler)
                .build();
        monitor = HealthMonitor.start(
                pool,
                target -> {
                    asked(target.backend().id()).incrementAndGet();
                    mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    try {
                        return probe.check(target);
                    } finally {
                        inside.decrementAndGet();
                    }
                },
                schedule,
                scheduler,
                new SplittableRandom(1),
                System::nanoTime);
    }

    private AtomicInteger asked(String id) {
        return asked.computeIfAbsent(id, unused -> new AtomicInteger());
    }

    /** Not even an interrupt ends it. */
    private CompletableFuture<ProbeResult> block() {
        boolean isInterrupted = false;
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        return CompletableFuture.completedFuture(ProbeResult.good("interrupted " + isInterrupted));
    }

    private static CompletableFuture<ProbeResult> good() {
        return CompletableFuture.completedFuture(ProbeResult.good("answered"));
    }

    @AfterEach
    void close() {
        release.countDown();
        monitor.close();
        pool.close();
        scheduler.shutdownNow();
    }

    @Test
    @DisplayName("7 a probe that blocks is one that does not answer, and holds up no other")
    void aProbeThatBlocksHoldsUpNoOther() {
        monitor(3, OFTEN, target -> switch (target.backend().id()) {
            case "b0" -> block();
            case "b1" -> CompletableFuture.completedFuture(ProbeResult.bad("refused"));
            default -> good();
        });

        Await.until(
                "verdicts are there",
                () -> member(pool, "b0").state() == BackendState.DOWN
                        && member(pool, "b1").state() == BackendState.DOWN
                        && member(pool, "b2").state() == BackendState.UP);
        Await.until("others are asked on", () -> asked("b2").get() > 10);

        assertEquals(Set.of("b2"), selectable(pool.snapshot()));
        assertEquals(1, asked("b0").get()); // it has one thread, and no second one each time a probe is due
        assertEquals(1, pool.faults().count());
        assertTrue(monitor.log().stream().anyMatch(e -> e.reason().equals("no answer within PT0.15S")));
        assertTrue(monitor.log().stream().anyMatch(e -> e.reason().equals("the probe before still blocks")));
    }

    @Test
    void aMemberWhoseProbeBlockedIsAskedAgainWhenItHasReturned() {
        monitor(1, OFTEN, target -> block());
        Await.until("the verdict is there", () -> member(pool, "b0").state() == BackendState.DOWN);

        release.countDown();

        Await.until("it is well", () -> member(pool, "b0").state() == BackendState.UP);
        assertTrue(asked("b0").get() > 1);
    }

    @Test
    @DisplayName("7 no more probes block at a time than may be under way")
    void noMoreProbesBlockThanMayBeUnderWay() {
        monitor(10, OFTEN.withMaxConcurrent(3), target -> block());
        Await.until("three are blocked", () -> pool.faults().count() == 3);
        Await.until(
                "their verdicts are there",
                () -> monitor.log().stream()
                                .filter(e -> e.event() == ProbeLog.Event.DOWN)
                                .count()
                        == 3);

        assertEquals(3, asked.size());
        release.countDown();

        Await.until(
                "all others had their turn", () -> selectable(pool.snapshot()).size() == 10);
        assertTrue(mostInside.get() <= 3, mostInside + " at a time");
    }

    @Test
    void aProbeThatBlocksIsInterruptedWhenItsTimeIsOver() {
        AtomicInteger interrupted = new AtomicInteger();
        monitor(1, OFTEN, target -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
            return good();
        });

        Await.until("it is asked again and again", () -> interrupted.get() > 5);

        assertEquals(BackendState.DOWN, member(pool, "b0").state());
    }

    @Test
    void whoWaitsForACancellationHoldsUpNobody() {
        monitor(2, OFTEN, target -> {
            if (target.backend().id().equals("b1")) {
                return good();
            }
            CompletableFuture<ProbeResult> question = new CompletableFuture<>();
            CompletableFuture<Void> unused = question.handle((result, fault) -> {
                ProbeResult ignored = block().join();
                return null;
            });
            return question;
        });

        Await.until("the verdict is there", () -> member(pool, "b0").state() == BackendState.DOWN);
        Await.until("others are asked on", () -> asked("b1").get() > 10);

        assertEquals(Set.of("b1"), selectable(pool.snapshot()));
        assertEquals(1, asked("b0").get());
    }

    @Test
    @DisplayName("7 close calls back a probe that blocks, and frees its thread")
    void closeCallsBackAProbeThatBlocks() {
        CountDownLatch blocked = new CountDownLatch(1);
        monitor(1, ProbeSchedule.defaults().withInterval(Duration.ofSeconds(10)), target -> {
            blocked.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return good();
        });
        Await.until("it blocks", () -> blocked.getCount() == 0);

        monitor.close();

        Await.until(
                "its thread is gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("evenkeel-probe-foreign")));
        assertEquals(0, pool.faults().count());
    }
}
