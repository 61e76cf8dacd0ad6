package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("okhttp")
class RetryBudgetTest {
    private final VirtualTime time = new VirtualTime();
    private final RetryBudget budget = new RetryBudget(0.2, 10, time::nanoTime);

    @Test
    @DisplayName("6. a retry storm of a minute gets a fifth of the calls and ten for each second, and not one more")
    void aStormOfAMinute() {
        int retries = 0;
        for (int second = 0; second < 60; second++) {
            for (int call = 0; call < 500; call++) {
                budget.called();
                retries += takeUpTo(2);
                time.advance(Duration.ofMillis(2));
            }
        }

        assertEquals(30_000 / 5 + 600, retries);
    }

    @Test
    @DisplayName("6. of an hour without failures, a hundred retries are left over")
    void goodTimesAreSavedUpToALimit() {
        for (int call = 0; call < 100_000; call++) {
            budget.called();
        }
        time.advance(Duration.ofHours(1));

        assertEquals(100, takeUpTo(1_000));
    }

    @Test
    @DisplayName("6. the first second's retries are there at once")
    void aClientThatHasJustStartedMayRetry() {
        assertEquals(10, takeUpTo(1_000));

        time.advance(Duration.ofMillis(999));
        assertFalse(budget.tryRetry());

        time.advance(Duration.ofMillis(1));
        assertEquals(10, takeUpTo(1_000));
    }

    @Test
    @DisplayName("6. without a floor, each fifth call brings a retry")
    void aShareAlone() {
        RetryBudget share = new RetryBudget(0.2, 0, time::nanoTime);
        for (int call = 0; call < 4; call++) {
            share.called();
            assertFalse(share.tryRetry());
        }

        share.called();

        assertTrue(share.tryRetry());
        assertFalse(share.tryRetry());
    }

    @Test
    @DisplayName("6. R11: what others repeat is missing, also where it was more than there was")
    void repeatsOfOthersAreADebt() {
        for (int repeat = 0; repeat < 25; repeat++) {
            budget.repeated();
        }

        time.advance(Duration.ofSeconds(1));
        assertFalse(budget.tryRetry());

        time.advance(Duration.ofSeconds(1));
        assertEquals(5, takeUpTo(1_000));
    }

    @Test
    @DisplayName("6. a debt without end is worked off in seconds")
    void aDebtHasALimit() {
        for (int repeat = 0; repeat < 1_000_000; repeat++) {
            budget.repeated();
        }

        time.advance(Duration.ofSeconds(11));

        assertEquals(10, takeUpTo(1_000));
    }

    @Test
    @DisplayName("6. many threads together get no more than one")
    void manyThreads() throws InterruptedException {
        AtomicInteger taken = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            threads.execute(() -> {
                for (int call = 0; call < 10_000; call++) {
                    budget.called();
                    if (budget.tryRetry()) {
                        taken.incrementAndGet();
                    }
                }
            });
        }
        threads.shutdown();
        assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));

        taken.addAndGet(takeUpTo(1_000));
        assertEquals(40_000 / 5 + 10, taken.get());
    }

    private int takeUpTo(int most) {
        int taken = 0;
        while (taken < most && budget.tryRetry()) {
            taken++;
        }
        return taken;
    }
}
