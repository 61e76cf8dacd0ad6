package io.evenkeel.orca;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has been read of a report so far. Takes each metric once, and nothing that does not belong into a report. */
final class Draft {
    /** Of the two rates, the deprecated one counts where it is alone. */
    private static final List<String> NUMBERS =
            List.of("cpu_utilization", "mem_utilization", "application_utilization", "rps_fractional", "eps", "rps");

    private static final List<String> TABLES = List.of("utilization", "request_cost", "named_metrics");

    private final double[] numbers = new double[NUMBERS.size()];
    private final List<Map<String, Double>> tables = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
    private int seen;

    static boolean isTable(String name) {
        return TABLES.contains(name);
    }

    /** False if the report is malformed by it. */
    boolean put(String name, double value) {
        int index = NUMBERS.indexOf(name);
        if (index < 0 || !Double.isFinite(value) || value < 0 || (seen & 1 << index) != 0) {
            return false;
        }
        seen |= 1 << index;
        numbers[index] = value;
        return true;
    }

    /** An entry of a table; false if the report is malformed by it. */
    boolean put(String table, String key, double value) {
        int index = TABLES.indexOf(table);
        boolean mayBeNegative = index > 0;
        return index >= 0
                && !key.isEmpty()
                && Double.isFinite(value)
                && (value >= 0 || mayBeNegative)
                && tables.get(index).put(key, value) == null;
    }

    /** The report; empty if it says nothing. */
    Optional<LoadReport> report() {
        if (seen == 0 && tables.stream().allMatch(Map::isEmpty)) {
            return Optional.empty();
        }
        double requests = numbers[3] > 0 ? numbers[3] : numbers[5];
        return Optional.of(new LoadReport(
                numbers[0], numbers[1], numbers[2], requests, numbers[4], tables.get(0), tables.get(1), tables.get(2)));
    }
}
