package io.evenkeel.backend;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * Where a backend stands: what fails together and what is restarted together. Immutable.
 *
 * @param zone data centre or availability zone; empty where it does not matter
 * @param faultDomain members of one fault domain share power and network and fail together; from 0
 * @param updateDomain members of one update domain may be restarted at the same time; from 0
 */
public record Placement(String zone, int faultDomain, int updateDomain) {
    /** No zone, and domain 0 of both kinds. */
    public static final Placement NONE = new Placement("", 0, 0);

    /** Checks that no domain is negative. */
    public Placement {
        checkArgument(faultDomain >= 0, "faultDomain: %s (expected: >= 0)", faultDomain);
        checkArgument(updateDomain >= 0, "updateDomain: %s (expected: >= 0)", updateDomain);
    }
}
