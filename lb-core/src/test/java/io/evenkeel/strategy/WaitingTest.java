package io.evenkeel.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingTest {
    private static final long MILLI = 1_000_000;
    /** Times are kept in steps of 16 µs. */
    private static final double TICK = 1 << 14;

    private final Waiting waiting = new Waiting();

    @Test
    void nobodyHasNoAge() {
        assertEquals(0, waiting.oldestAge(5_000 * MILLI));
    }

    @Test
    void theAgeOfOneIsItsAge() {
        waiting.began(100 * MILLI);

        assertEquals(400.0 * MILLI, waiting.oldestAge(500 * MILLI), TICK);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10, 1_000})
    void ofASteadyStreamItIsTheAgeOfTheFirst(int count) {
        for (int i = 1; i <= count; i++) {
            waiting.began(i * MILLI);
        }

        // Ages of 1, 2, 3… periods have a mean of (n + 1) / 2, and so come out exactly.
        assertEquals((double) count * MILLI, waiting.oldestAge((count + 1) * MILLI), 2 * TICK);
    }

    @Test
    void whoIsAnsweredCountsNoMore() {
        waiting.began(1 * MILLI);
        waiting.began(900 * MILLI);

        waiting.answered(1 * MILLI);

        assertEquals(100.0 * MILLI, waiting.oldestAge(1_000 * MILLI), TICK);
    }

    @Test
    void anEarlierTimeThanThatOfTheRequestsIsNoAge() {
        waiting.began(900 * MILLI);

        assertEquals(0, waiting.oldestAge(800 * MILLI));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_000_000_000_000L, Long.MIN_VALUE, -5_000_000_000_000L})
    void anyStartOfTheClockWillDo(long start) {
        Deque<Long> open = new ArrayDeque<>();
        SplittableRandom random = new SplittableRandom(7);
        long now = start;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(50_000_000);
            if (open.size() > 20) {
                waiting.answered(open.removeFirst());
            }
            waiting.began(now);
            open.addLast(now);
        }

        double mean = 0;
        for (long began : open) {
            mean += (double) (now - began) / open.size();
        }
        double expected = 2 * mean * open.size() / (open.size() + 1);
        assertEquals(expected, waiting.oldestAge(now), 2 * TICK);

        open.forEach(waiting::answered);
        assertTrue(waiting.oldestAge(now + 1_000 * MILLI) == 0, "all have been answered");
    }
}
