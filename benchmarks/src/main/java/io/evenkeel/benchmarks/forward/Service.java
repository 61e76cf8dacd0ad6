package io.evenkeel.benchmarks.forward;

/** What a backend does with what it is sent. Each has a port of its own, and so a front end of its own. */
enum Service {
    /** {@link #ANSWER_BYTES} for every {@link #REQUEST_BYTES}, for as long as the client likes. */
    ANSWER,
    /** One answer, and the end. */
    ANSWER_ONCE,
    /** Reads to the end, and tells how many bytes that were, as a long. */
    COUNT,
    /** Sends each datagram back. */
    ECHO;

    static final int REQUEST_BYTES = 64;
    static final int ANSWER_BYTES = 128;

    boolean isUdp() {
        return this == ECHO;
    }
}
