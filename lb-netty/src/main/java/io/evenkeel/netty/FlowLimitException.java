package io.evenkeel.netty;

import java.io.IOException;

/**
 * A flow was turned away because as many as allowed are open. Has no stack trace, and one is shared by all flows that meet the
 * same limit, so that a flood costs next to nothing.
 */
public final class FlowLimitException extends IOException {
    private static final long serialVersionUID = 1L;

    FlowLimitException(String message) {
        super(message);
    }

    /** Does nothing: where it was thrown says nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
