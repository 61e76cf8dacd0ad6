package io.evenkeel.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileTest {
    private final SplittableRandom random = new SplittableRandom(42);

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.8, 0.99})
    void itFindsTheQuantileOfUniformValues(double share) {
        Quantile quantile = new Quantile(share);

        double sum = 0;
        for (int i = 0; i < 20_000; i++) {
            quantile.add(1_000 * random.nextDouble());
            sum += i >= 10_000 ? quantile.value() : 0;
        }

        // Each step is 2 % of the value at most, so that it wanders by some percent and is right in the mean.
        assertEquals(1_000 * share, sum / 10_000, 30);
    }

    @Test
    void theFirstValueIsTheQuantile() {
        Quantile quantile = new Quantile(0.5);
        assertEquals(0, quantile.value());

        quantile.add(77);

        assertEquals(77, quantile.value());
    }

    @Test
    void aMedianFollowsADoublingWithinAHundredValues() {
        Quantile median = new Quantile(0.5);
        median.add(100);

        for (int i = 0; i < 100; i++) {
            median.add(200);
        }

        // 70 steps of 1 % are a doubling.
        assertTrue(Math.abs(median.value() - 200) < 5, "median " + median.value());
    }
}
