package io.evenkeel.backend;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

/**
 * Where a backend stands: what fails together and what is restarted together. Immutable.
 *
 * @param zone data centre or availability zone; empty where it is not known
 * @param faultDomain members of one fault domain share power and network and fail together; from 0, or -1 where it is not
 *     known
 * @param updateDomain members of one update domain may be restarted at the same time; from 0, or -1 where it is not known
 */
public record Placement(String zone, int faultDomain, int updateDomain) {
    /** Nothing is known. */
    public static final Placement NONE = new Placement("", -1, -1);

    /** Checks the domains. */
    public Placement {
        requireNonNull(zone, "zone");
        checkArgument(faultDomain >= -1, "faultDomain: %s (expected: >= 0, or -1 if not known)", faultDomain);
        checkArgument(updateDomain >= -1, "updateDomain: %s (expected: >= 0, or -1 if not known)", updateDomain);
    }
}
