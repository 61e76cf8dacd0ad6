package io.evenkeel.examples;

import java.time.Duration;

/**
 * How many VMs there should be for what is in flight. Grows at once to what is needed; shrinks by one at a time, and each time
 * only after a cool-down, since a load that has just fallen may come again.
 *
 * @param target what one VM should have in flight, at least 1
 * @param min how many there are at the least, at least 1
 * @param max how many there are at the most, at least {@code min}
 * @param coolDown how long the size must have stayed as it is before it shrinks
 * @see "Kubernetes, Horizontal Pod Autoscaling, for the proportion"
 */
record ScalingRule(int target, int min, int max, Duration coolDown) {

    /** Checks each component. */
    ScalingRule {
        check(target >= 1, "target", target, ">= 1");
        check(min >= 1, "min", min, ">= 1");
        check(max >= min, "max", max, ">= min, which is " + min);
        check(!coolDown.isNegative(), "coolDown", coolDown, ">= 0");
    }

    private static void check(boolean isFine, String name, Object value, String expected) {
        if (!isFine) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }

    /**
     * The next size. What is needed does not depend on the present size, so VMs that are still starting are not ordered twice.
     *
     * @param size how many there are, those that are still starting included and those that are leaving not
     * @param inFlight of all together
     * @param sinceChange how long the size has been what it is
     */
    int next(int size, double inFlight, Duration sinceChange) {
        int needed = (int) Math.max(min, Math.min(max, Math.ceil(inFlight / target)));
        if (needed >= size) {
            return needed;
        }
        return sinceChange.compareTo(coolDown) < 0 ? size : size - 1;
    }
}
