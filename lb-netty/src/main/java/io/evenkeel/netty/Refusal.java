package io.evenkeel.netty;

import java.io.IOException;

/** Why a flow is not let in. Without a stack trace, since a flood of them must stay cheap. */
final class Refusal extends IOException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // it does nothing
    public Throwable fillInStackTrace() {
        return this;
    }
}
