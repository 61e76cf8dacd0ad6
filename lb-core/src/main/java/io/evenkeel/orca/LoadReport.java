package io.evenkeel.orca;

import java.util.Map;
import java.util.Optional;

/**
 * A backend's own report of its load. 0 and empty mean that it did not say. Immutable.
 *
 * <p>It comes as a header of any HTTP answer. {@code pick.reported(report)} passes it on to the strategy.
 *
 * @param cpuUtilization 1 is all the processor time it has been given; may be more
 * @param memoryUtilization 1 is all the memory it has been given
 * @param applicationUtilization by the backend's own measure; goes before the processor's
 * @param requestsPerSecond of all its clients
 * @param errorsPerSecond of all its clients
 * @param utilization of other resources, by name
 * @param requestCost of the request that was answered, by resource
 * @param namedMetrics anything else; these and the costs may be negative
 * @see "Open Request Cost Aggregation, orca_load_report.proto of cncf/xds, and Envoy's reader of the headers"
 */
public record LoadReport(
        double cpuUtilization,
        double memoryUtilization,
        double applicationUtilization,
        double requestsPerSecond,
        double errorsPerSecond,
        Map<String, Double> utilization,
        Map<String, Double> requestCost,
        Map<String, Double> namedMetrics) {

    /** The header that {@link #parse} reads. */
    public static final String HEADER = "endpoint-load-metrics";

    /** The header that {@link #parseBinary} reads: as gRPC servers send it. */
    public static final String BINARY_HEADER = "endpoint-load-metrics-bin";

    /** As much as common servers take for one header. The time to read a report is bounded by it. */
    private static final int MOST_CHARS = 8_192;

    /** Copies the maps. All numbers must be finite, and all but costs and named metrics at least 0. */
    public LoadReport {
        check("cpuUtilization", cpuUtilization, true);
        check("memoryUtilization", memoryUtilization, true);
        check("applicationUtilization", applicationUtilization, true);
        check("requestsPerSecond", requestsPerSecond, true);
        check("errorsPerSecond", errorsPerSecond, true);
        utilization.forEach((name, value) -> check("utilization." + name, value, true));
        requestCost.forEach((name, value) -> check("requestCost." + name, value, false));
        namedMetrics.forEach((name, value) -> check("namedMetrics." + name, value, false));
        utilization = Map.copyOf(utilization);
        requestCost = Map.copyOf(requestCost);
        namedMetrics = Map.copyOf(namedMetrics);
    }

    private static void check(String name, double value, boolean isPart) {
        if (!Double.isFinite(value) || (isPart && value < 0)) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: finite" + (isPart ? " and >= 0" : "") + ")");
        }
    }

    /**
     * Reads the value of the header {@value #HEADER} in any of its forms: {@code TEXT cpu_utilization=0.3, eps=1},
     * {@code JSON {"cpu_utilization": 0.3}} and {@code BIN} with base64 of the protocol buffer. Takes about a microsecond
     * for a few metrics.
     *
     * @return empty if anything is wrong with it, for half a report may mislead: an unknown or repeated name, a number that
     *     is missing, negative or not finite, more than 8,192 characters; and if it says nothing at all. Nothing is thrown,
     *     since a server that is broken would make each answer of its pay for a stack trace
     */
    public static Optional<LoadReport> parse(String header) {
        if (header.length() > MOST_CHARS) {
            return Optional.empty();
        }
        String value = header.strip();
        int space = value.indexOf(' ');
        String form = value.substring(0, Math.max(0, space));
        String metrics = value.substring(space + 1).strip();
        Draft draft = new Draft();
        boolean isRead = switch (form) {
            case "TEXT" -> TextReader.read(metrics, draft);
            case "JSON" -> JsonReader.read(metrics, draft);
            case "BIN" -> BinaryReader.read(metrics, draft);
            default -> false;
        };
        return isRead ? draft.report() : Optional.empty();
    }

    /**
     * Reads the value of the header {@value #BINARY_HEADER}: base64 of the protocol buffer, padded or not.
     *
     * @return empty if anything is wrong with it, as of {@link #parse}; fields that are not known are passed over, as
     *     always in protocol buffers
     */
    public static Optional<LoadReport> parseBinary(String header) {
        Draft draft = new Draft();
        boolean isRead = header.length() <= MOST_CHARS && BinaryReader.read(header.strip(), draft);
        return isRead ? draft.report() : Optional.empty();
    }
}
