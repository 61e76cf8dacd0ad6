package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RandomChoiceTest implements SelectionStrategyContract {
    @Override
    public SelectionStrategy strategy() {
        return SelectionStrategy.random(new java.util.Random(42));
    }

    @Test
    @Tag("main-job")
    @DisplayName("2 30,000 random picks over three members pass a chi-square test")
    void isUniform() {
        Map<String, Integer> counts = counts(poolOf(3), 30_000);

        double chiSquare = counts.values().stream()
                .mapToDouble(n -> Math.pow(n - 10_000, 2) / 10_000)
                .sum();

        // Two degrees of freedom: 18.42 is passed once in 10,000 times.
        assertTrue(chiSquare < 18.42, "chi-square " + chiSquare + " of " + counts);
    }

    @Test
    void theAliasTableIsExact() {
        int[] weights = {3, 0, 65_535, 1, 1, 7};
        AliasTable table = AliasTable.of(weights);
        int[] counts = new int[weights.length];
        SplittableRandom random = new SplittableRandom(3);
        int draws = 1_000_000;
        for (int i = 0; i < draws; i++) {
            counts[table.draw(random)]++;
        }

        double total = 65_547;
        assertEquals(0, counts[1]);
        for (int i = 0; i < weights.length; i++) {
            double share = weights[i] / total;
            // Five standard deviations: once in 1.7 million.
            assertEquals(draws * share, counts[i], 5 * Math.sqrt(draws * share * (1 - share)));
        }
    }
}
