package io.evenkeel.backend;

/** How the use of a backend ended. */
public enum Outcome {
    /** It did what was asked. */
    SUCCESS,
    /** It could not be reached, broke off, or answered with an error of its own. */
    FAILURE,
    /** It did not answer within a limit that the caller's side had set. */
    TIMEOUT,
    /** The caller lost interest, which is no fault of the backend. */
    CANCELLED
}
