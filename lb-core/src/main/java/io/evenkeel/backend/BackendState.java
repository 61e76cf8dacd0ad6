package io.evenkeel.backend;

/** Whether a member of a pool may be chosen, and if not, who keeps it out. */
public enum BackendState {
    /** May be chosen: its last verdict was good, nobody probes the pool, or an operator said so. */
    UP,
    /** May not be chosen yet: the pool is probed and this member has not passed a probe so far. */
    UNPROBED,
    /** May not be chosen: too many probes failed in a row, or an operator said so. */
    DOWN,
    /** May not be chosen for some time: the traffic it got went wrong. Comes back by itself, on trial. */
    EJECTED,
    /** Gets no new picks: an operator wants it empty. */
    DRAINING
}
