package io.evenkeel.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one measurement by name, and ends with a verdict. */
public final class Run {
    /** A measurement returns its table; a quick one takes less time and says less. */
    @FunctionalInterface
    interface Measurement {
        Report measure(boolean isQuick) throws Exception;
    }

    private static final Map<String, Measurement> MEASUREMENTS =
            new TreeMap<>(Map.of("hashing", HashingMeasurement::measure, "pick", PickMeasurement::measure));

    private Run() {}

    /** {@code NAME [--quick]}. */
    public static void main(String[] args) throws Exception {
        List<String> words = Arrays.asList(args);
        Measurement measurement = words.isEmpty() ? null : MEASUREMENTS.get(words.get(0));
        boolean isQuick = words.size() == 2 && words.get(1).equals("--quick");
        if (measurement == null || words.size() > (isQuick ? 2 : 1)) {
            System.err.println("usage: benchmarks/run NAME [--quick], NAME one of " + MEASUREMENTS.keySet());
            System.exit(2);
            return;
        }
        Report report = measurement.measure(isQuick);
        System.out.println(report.table());
        System.out.println(report.verdict());
        System.exit(report.isShort() ? 1 : 0);
    }
}
