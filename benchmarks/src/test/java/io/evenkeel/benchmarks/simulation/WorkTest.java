package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class WorkTest {
    private static final int DRAWS = 200_000;

    private static double[] millis(Work work) {
        SplittableRandom random = new SplittableRandom(1);
        return DoubleStream.generate(() -> work.next(random) / 1e6)
                .limit(DRAWS)
                .sorted()
                .toArray();
    }

    private static double mean(double[] values) {
        return DoubleStream.of(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(DoubleStream.of(values)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow());
    }

    @Test
    void recordedAnswersHaveTheMedianMeanAndDeviationOfTheRecording() {
        double[] drawn = millis(Work.recorded());

        // Four deviations of a mean over so many draws are 4 * 5.4 / sqrt(200,000) = 0.05 ms.
        assertEquals(167.5, drawn[DRAWS / 2], 0.05);
        assertEquals(169.6, mean(drawn), 0.06);
        assertEquals(5.41, deviation(drawn), 0.06);
    }

    @Test
    void exponentialWorkDeviatesByItsMean() {
        double[] drawn = millis(Work.exponential(10));

        // Four deviations: 4 * 10 / sqrt(200,000) = 0.09 for the mean, and twice that for the deviation.
        assertEquals(10, mean(drawn), 0.09);
        assertEquals(10, deviation(drawn), 0.18);
    }

    @Test
    void mixedWorkHasTheMeanOfItsParts() {
        double[] drawn = millis(Work.mixed(5, 100, 0.05));

        // Its second moment is 2 * (0.95 * 25 + 0.05 * 10,000), its deviation 30.9: 4 * 30.9 / sqrt(200,000) = 0.28.
        assertEquals(9.75, mean(drawn), 0.28);
    }
}
