package io.evenkeel.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NanosTest {
    private final Nanos times = new Nanos();

    @Test
    void quantilesAreThoseOfTheSortedTimesWithinTheWidthOfAClass() {
        for (int i = 1; i <= 1_000_000; i++) {
            times.add(i);
        }

        for (double part : new double[] {0.00005, 0.5, 0.99, 0.9999}) {
            double exact = part * 1_000_000;
            assertEquals(exact, (double) times.quantile(part), 0.016 * exact);
        }
        assertEquals(1_000_000, times.slowest());
        assertEquals(500_000, (double) times.above(500_000), 0.016 * 500_000);
    }

    @Test
    void theSlowestPossibleHasAClass() {
        times.add(Long.MAX_VALUE);
        times.add(0);

        assertEquals(2, times.count());
        assertEquals(0, times.quantile(0.5));
        assertEquals(1, times.above(1));
    }
}
