package io.evenkeel.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one measurement by name, and ends with a verdict. */
public final class Run {
    /** A measurement returns its table; a quick one takes less time and says less, and so does one of a part only. */
    @FunctionalInterface
    interface Measurement {
        Report measure(boolean isQuick, String only) throws Exception;
    }

    private static final Map<String, Measurement> MEASUREMENTS = new TreeMap<>(Map.of(
            "forward", ForwardMeasurement::measure,
            "hashing", (isQuick, only) -> HashingMeasurement.measure(isQuick),
            "membership", (isQuick, only) -> MembershipMeasurement.measure(isQuick),
            "okhttp", (isQuick, only) -> OkHttpMeasurement.measure(isQuick),
            "pick", (isQuick, only) -> PickMeasurement.measure(isQuick),
            "probes", (isQuick, only) -> ProbesMeasurement.measure(isQuick),
            "simulate", SimulationMeasurement::measure));

    private Run() {}

    /** {@code NAME [--quick] [--only PART]}. */
    public static void main(String[] args) throws Exception {
        List<String> words = Arrays.asList(args);
        Measurement measurement = words.isEmpty() ? null : MEASUREMENTS.get(words.get(0));
        boolean isQuick = words.contains("--quick");
        int part = words.indexOf("--only") + 1;
        String only = part > 0 && part < words.size() ? words.get(part) : "";
        int known = 1 + (isQuick ? 1 : 0) + (part > 0 ? 2 : 0);
        if (measurement == null || words.size() != known) {
            System.err.println("usage: benchmarks/run NAME [--quick] [--only BEGINNING OF A SCENARIO], NAME one of "
                    + MEASUREMENTS.keySet());
            System.exit(2);
            return;
        }
        Report report = measurement.measure(isQuick, only);
        System.out.println(report.table());
        System.out.println(report.verdict());
        System.exit(report.isShort() ? 1 : 0);
    }
}
