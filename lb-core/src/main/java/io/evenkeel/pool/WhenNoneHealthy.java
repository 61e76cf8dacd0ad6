package io.evenkeel.pool;

/** What happens to new picks when no member is well. */
public enum WhenNoneHealthy {
    /** They fail at once. Azure's default, and ours. */
    FAIL_FAST,
    /** They go to all members that were well once, as if all still were: for probes that may be wrong about everybody. */
    TRY_ALL
}
