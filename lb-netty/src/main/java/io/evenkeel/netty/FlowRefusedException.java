package io.evenkeel.netty;

import java.io.IOException;

/**
 * A flow was turned away at the front end: as many as allowed are open, or a security group or the limit of its source does
 * not let it in, or it does not begin as it must. Has no stack trace, and one may be shared by all flows that are refused
 * for the same reason, so that a flood costs next to nothing.
 */
public final class FlowRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    FlowRefusedException(String message) {
        super(message);
    }

    /** Does nothing: where it was thrown says nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
