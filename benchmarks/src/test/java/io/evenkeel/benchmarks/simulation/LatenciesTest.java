package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void quantilesAreRightWithinTheWidthOfAClass() {
        LongStream.rangeClosed(1, 100_000).forEach(micros -> latencies.add(1000 * micros));

        // A class is 1/128 of its lower end wide, and is told by its middle: half of that off, and half of it again as
        // a margin.
        for (double part : new double[] {0.01, 0.5, 0.9, 0.99, 0.999}) {
            assertEquals(100 * part, latencies.quantileMillis(part), 100 * part * 0.75 / 128);
        }
    }

    @Test
    void theMeanIsExact() {
        latencies.add(1_000_000);
        latencies.add(4_000_000);

        assertEquals(2.5, latencies.meanMillis());
    }

    @Test
    void whatNeverHappenedHasNoQuantiles() {
        assertEquals(Double.NaN, latencies.quantileMillis(0.5));
    }

    @Test
    void sumsHaveTheQuantilesOfBoth() {
        Latencies more = new Latencies();
        latencies.add(1_000_000);
        more.add(64_000_000);
        more.add(64_000_000);

        latencies.add(more);

        assertEquals(64, latencies.quantileMillis(0.5), 64.0 / 128);
        assertEquals(3, latencies.count());
    }
}
