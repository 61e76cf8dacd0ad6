package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SendersTest {
    private static final int CLIENTS = 100;
    private static final int DRAWS = 200_000;

    /** 1 + 1/2 + … + 1/100. */
    private static final double HARMONIC = 5.18738;

    /** What each of them sent, of all, the greatest first. */
    private static double[] shares(Senders senders) {
        SplittableRandom random = new SplittableRandom(1);
        double[] shares = new double[CLIENTS];
        IntStream.range(0, DRAWS).forEach(i -> shares[senders.next(random)] += 1.0 / DRAWS);
        return IntStream.range(0, CLIENTS)
                .mapToDouble(i -> -shares[i])
                .sorted()
                .map(share -> -share)
                .toArray();
    }

    @Test
    void theSecondOfAFewSendsHalfAsMuchAsTheFirst() {
        double[] shares = shares(Senders.zipf(CLIENTS, 1));

        // Four deviations of a share p are 4 * sqrt(p * (1 - p) / 200,000): 0.0035 for the first, 0.0027 for the
        // second.
        assertEquals(1 / HARMONIC, shares[0], 0.0035);
        assertEquals(1 / HARMONIC / 2, shares[1], 0.0027);
    }

    @Test
    void whoSendsMostIsAnotherWithAnotherSeed() {
        assertNotEquals(busiest(Senders.zipf(CLIENTS, 1)), busiest(Senders.zipf(CLIENTS, 2)));
    }

    private static int busiest(Senders senders) {
        SplittableRandom random = new SplittableRandom(1);
        int[] counts = new int[CLIENTS];
        IntStream.range(0, 2000).forEach(i -> counts[senders.next(random)]++);
        return IntStream.range(0, CLIENTS)
                .reduce((a, b) -> counts[a] >= counts[b] ? a : b)
                .orElseThrow();
    }

    @Test
    void alikeIsAlike() {
        double[] shares = shares(Senders.alike(CLIENTS));

        // Five deviations, since it is the greatest of a hundred: 5 * sqrt(0.01 * 0.99 / 200,000).
        assertEquals(0.01, shares[0], 0.0012);
        assertEquals(0.01, shares[CLIENTS - 1], 0.0012);
    }
}
