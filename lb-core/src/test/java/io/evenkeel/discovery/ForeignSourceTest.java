package io.evenkeel.discovery;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A source of the user's that does what it likes, on real threads. */
@Tag("health")
class ForeignSourceTest {
    private static final DiscoveryPolicy OFTEN = DiscoveryPolicy.defaults()
            .withRefresh(Duration.ofMillis(100))
            .withRetry(Duration.ofMillis(100))
            .withTimeout(Duration.ofMillis(100))
            .withHoldTime(Duration.ofMillis(200));

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final BackendPool pool =
            BackendPool.builder("foreign").scheduler(scheduler).build();
    private final CountDownLatch release = new CountDownLatch(1);
    private Discovery discovery;

    private void start(BackendSource... sources) {
        discovery =
                Discovery.start(pool, List.of(sources), OFTEN, scheduler, new SplittableRandom(1), System::nanoTime);
    }

    /** Not even an interrupt ends it. */
    private boolean block() {
        boolean isInterrupted = false;
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        return isInterrupted;
    }

    private int members() {
        return pool.snapshot().members().size();
    }

    @AfterEach
    void close() {
        release.countDown();
        discovery.close();
        pool.close();
        scheduler.shutdownNow();
    }

    @Test
    @DisplayName("7. a source that blocks holds up no pick, no other source and not the scheduler")
    void aSourceThatBlocksHoldsUpNobody() {
        AtomicInteger asked = new AtomicInteger();
        start(
                observer -> {
                    asked.incrementAndGet();
                    block();
                },
                BackendSource.of(backends(2).get(0), backends(2).get(1)));

        Await.until("it is stale", () -> discovery.sources().get(0).isStale());

        assertEquals(2, members());
        assertEquals(1, asked.get()); // one thread, and no second one each time it is due
        assertEquals(0, discovery.sources().get(1).failures());
        assertTrue(pool.faults().count() > 0);
        Await.until(
                "it says why", () -> discovery.sources().get(0).reason().equals("the question before still blocks"));
    }

    @Test
    void aSourceThatReturnsAfterAllIsAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        start(observer -> {
            if (asked.incrementAndGet() == 1) {
                block();
            }
            observer.deliver(backends(3));
        });
        Await.until("it is stale", () -> discovery.sources().get(0).isStale());

        release.countDown();

        Await.until("its members are there", () -> members() == 3);
        Await.until("it is asked on", () -> asked.get() > 3);
        assertFalse(discovery.sources().get(0).isStale());
    }

    @Test
    @DisplayName("7. a source that blocks is interrupted when its time is over")
    void aSourceThatBlocksIsInterrupted() {
        AtomicInteger interrupted = new AtomicInteger();
        start(observer -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
        });

        Await.until("it is asked again and again", () -> interrupted.get() > 3);

        assertTrue(pool.faults().count() >= 3);
    }

    @Test
    @DisplayName("7. whatever a source throws is counted, and changes no member")
    void whateverASourceThrowsChangesNoMember() {
        AtomicInteger asked = new AtomicInteger();
        start(observer -> {
            switch (asked.incrementAndGet()) {
                case 1 -> observer.deliver(backends(3));
                case 2 -> throw new StackOverflowError();
                case 3 -> observer.deliver(Collections.singletonList(null));
                case 4 -> observer.deliver(null);
                case 5 -> throw new OutOfMemoryError("not really");
                default -> throw new IllegalStateException("line\nbreak \u2028 " + "x".repeat(1_000));
            }
        });

        Await.until("it has thrown a lot", () -> asked.get() > 7);
        Await.until("the faults are counted", () -> pool.faults().count() >= 5);

        assertEquals(3, members());
        String reason = discovery.sources().get(0).reason();
        assertTrue(reason.startsWith("java.lang.IllegalStateException: line?break ? xxx"), reason);
        assertEquals(257, reason.length());
    }

    @Test
    void aFilterThatThrowsChangesNoMember() {
        AtomicBoolean isBroken = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        discovery = Discovery.start(
                pool,
                List.of(observer -> {
                    asked.incrementAndGet();
                    observer.deliver(backends(2));
                }),
                OFTEN.withFilter(backend -> {
                    if (isBroken.get()) {
                        throw new IllegalStateException("broken");
                    }
                    return true;
                }),
                scheduler,
                new SplittableRandom(1),
                System::nanoTime);
        Await.until("its members are there", () -> members() == 2);

        isBroken.set(true);
        int before = asked.get();
        Await.until("the fault is counted", () -> pool.faults().count() > 0);
        Await.until("it is asked on", () -> asked.get() > before + 2);

        assertEquals(2, members());
    }

    @Test
    @DisplayName("7. close calls back a source that blocks, and frees its thread")
    void closeCallsBackASourceThatBlocks() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        discovery = Discovery.start(
                pool,
                List.of(observer -> {
                    blocked.countDown();
                    release.await();
                }),
                OFTEN.withTimeout(Duration.ofHours(1)),
                scheduler,
                new SplittableRandom(1),
                System::nanoTime);
        blocked.await();

        discovery.close();

        Await.until(
                "its thread is gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("evenkeel-source-foreign")));
        assertEquals(0, pool.faults().count());
    }
}
