package io.evenkeel.okhttp;

/** How many attempts more than calls a route may make. */
interface Budget {
    /** A call has begun. */
    void called();

    /** Takes one further attempt, if there is one. */
    boolean tryRetry();
}
