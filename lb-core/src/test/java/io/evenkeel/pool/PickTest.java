package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PickTest {
    private final VirtualTime time = new VirtualTime();
    private final BackendPool pool = BackendPool.builder("test")
            .backends(backends(1))
            .nanoClock(time::nanoTime)
            .build();
    private final List<Long> elapsedMillis = new ArrayList<>();

    private void listen() {
        pool.listen(new LoadBalancerListener() {
            @Override
            public void completed(String name, Backend backend, Outcome outcome, long elapsedNanos) {
                elapsedMillis.add(Duration.ofNanos(elapsedNanos).toMillis());
            }
        });
    }

    @Test
    void itCountsInFlightUntilItEnds() {
        LoadStats load = member(pool, "b0").load();

        Pick first = member(pool, "b0").pick();
        Pick second = member(pool, "b0").pick();
        assertEquals(2, load.inFlight());

        first.report(Outcome.FAILURE);
        second.report(Outcome.TIMEOUT);

        assertEquals(0, load.inFlight());
        assertEquals(2, load.picks());
        assertEquals(0, load.successes());
        assertEquals(1, load.failures());
        assertEquals(1, load.timeouts());
    }

    @Test
    void latencyEndsWithTheAnswerAndNotWithTheEnd() {
        listen();
        Pick pick = member(pool, "b0").pick();

        time.advance(Duration.ofMillis(30));
        pick.responded();
        time.advance(Duration.ofMillis(500));
        pick.responded();
        pick.report(Outcome.SUCCESS);

        assertEquals(List.of(30L), elapsedMillis);
    }

    @Test
    void withoutAnAnswerLatencyEndsWithTheEnd() {
        listen();
        Pick pick = member(pool, "b0").pick();

        time.advance(Duration.ofMillis(40));
        pick.report(Outcome.FAILURE);

        assertEquals(List.of(40L), elapsedMillis);
    }

    @Test
    void aListenerThatCameLateHearsNoInventedLatency() {
        Pick pick = member(pool, "b0").pick();
        time.advance(Duration.ofMillis(40));

        listen();
        pick.report(Outcome.SUCCESS);

        assertEquals(List.of(0L), elapsedMillis);
    }

    @Test
    void closedWithoutAReportItCountsAsCancelled() {
        LoadStats load = member(pool, "b0").load();

        member(pool, "b0").pick().close();

        assertEquals(0, load.inFlight());
        assertEquals(1, load.cancellations());
        assertEquals(0, load.successes());
    }

    @Test
    void onlyTheFirstReportCounts() {
        Pick pick = member(pool, "b0").pick();

        assertTrue(pick.report(Outcome.SUCCESS));
        assertFalse(pick.report(Outcome.FAILURE));
        pick.responded();
        pick.close();

        LoadStats load = member(pool, "b0").load();
        assertEquals(0, load.inFlight());
        assertEquals(1, load.successes());
        assertEquals(0, load.failures());
    }

    @Test
    void reportsThatRaceCountOnce() throws InterruptedException {
        LoadStats load = member(pool, "b0").load();
        int rounds = 20_000;
        AtomicInteger winners = new AtomicInteger();
        List<Pick> picks = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            picks.add(member(pool, "b0").pick());
        }
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (Outcome outcome : List.of(Outcome.SUCCESS, Outcome.TIMEOUT, Outcome.CANCELLED)) {
            Thread thread = new Thread(() -> {
                awaitQuietly(go);
                for (Pick pick : picks) {
                    pick.responded();
                    if (pick.report(outcome)) {
                        winners.incrementAndGet();
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }

        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(rounds, winners.get());
        assertEquals(0, load.inFlight());
        assertEquals(rounds, load.successes() + load.timeouts() + load.cancellations());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
