package io.evenkeel.backend;

/** Whether a member of a pool may be chosen, as far as its health goes. */
public enum BackendState {
    /** May be chosen: its last verdict was good, or nobody probes the pool. */
    UP,
    /** May not be chosen yet: the pool is probed and this member has not passed a probe so far. */
    UNPROBED,
    /** May not be chosen: too many probes failed in a row. It is probed on and comes back by itself. */
    DOWN
}
