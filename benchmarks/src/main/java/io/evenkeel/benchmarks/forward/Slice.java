package io.evenkeel.benchmarks.forward;

/**
 * What one contender did in one stretch of time. Operations are requests, connections, datagrams or bytes.
 *
 * @param operations how many were done
 * @param seconds in which time
 * @param cpuSeconds what the forwarder's processes took of the processors meanwhile
 * @param p99Micros what one operation in a hundred took longer than; 0 where that means nothing
 */
public record Slice(double operations, double seconds, double cpuSeconds, double p99Micros) {
    /** How quick it was. */
    public double perSecond() {
        return operations / seconds;
    }

    /** What an operation costs the forwarder, in microseconds of a processor; of a gigabyte in seconds. */
    public double cost(Work work) {
        return cpuSeconds / operations * (work.isBulk() ? 1e9 : 1e6);
    }
}
