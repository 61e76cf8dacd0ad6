package io.evenkeel.availability;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/**
 * How careful a {@link RollingMaintenance} is. Start from {@link #defaults}. Immutable.
 *
 * @param minAvailable how many members stay well and in use at any time, 1 or more; 1 by default
 * @param drainTimeout how long open picks of a member are waited for; then its turn has come all the same, and they break
 *     with whatever breaks them. 5 min by default
 * @param healthyTimeout how long a member may take to become well again, slow start included, and how long the maintenance
 *     waits for others while it could not spare a single member; 5 min by default
 */
public record MaintenancePolicy(int minAvailable, Duration drainTimeout, Duration healthyTimeout) {
    /** Checks each component. */
    public MaintenancePolicy {
        checkArgument(minAvailable > 0, "minAvailable: %s (expected: >= 1)", minAvailable);
        checkArgument(!drainTimeout.isNegative(), "drainTimeout: %s (expected: >= 0)", drainTimeout);
        checkArgument(NANOSECONDS.convert(healthyTimeout) > 0, "healthyTimeout: %s (expected: > 0)", healthyTimeout);
    }

    /** One member is left at least; 5 min to become empty, and 5 min to become well again. */
    public static MaintenancePolicy defaults() {
        return new MaintenancePolicy(1, Duration.ofMinutes(5), Duration.ofMinutes(5));
    }

    /** The same with another number of members that stay. */
    public MaintenancePolicy withMinAvailable(int minAvailable) {
        return new MaintenancePolicy(minAvailable, drainTimeout, healthyTimeout);
    }

    /** The same with another time for open picks. */
    public MaintenancePolicy withDrainTimeout(Duration drainTimeout) {
        return new MaintenancePolicy(minAvailable, drainTimeout, healthyTimeout);
    }

    /** The same with another time to become well. */
    public MaintenancePolicy withHealthyTimeout(Duration healthyTimeout) {
        return new MaintenancePolicy(minAvailable, drainTimeout, healthyTimeout);
    }
}
