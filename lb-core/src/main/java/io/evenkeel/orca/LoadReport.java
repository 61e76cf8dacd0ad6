package io.evenkeel.orca;

import java.util.Map;

/**
 * A backend's own report of its load. 0 and empty mean that it did not say.
 *
 * @param cpuUtilization 1 is all the processor time it has been given; may be more
 * @param memoryUtilization 0 to 1
 * @param applicationUtilization by the backend's own measure; goes before the processor's
 * @param requestsPerSecond of all its clients
 * @param errorsPerSecond of all its clients
 * @param utilization of other resources, by name
 * @param requestCost of the request that was answered, by resource
 * @param namedMetrics anything else
 * @see "Open Request Cost Aggregation, orca_load_report.proto of cncf/xds"
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

    /** Copies the maps. */
    public LoadReport {
        utilization = Map.copyOf(utilization);
        requestCost = Map.copyOf(requestCost);
        namedMetrics = Map.copyOf(namedMetrics);
    }
}
