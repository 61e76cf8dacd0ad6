package io.evenkeel.event;

/** An interest that can be ended. Closing a second time does nothing. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends the interest; a call that has begun on another thread may still finish. */
    @Override
    void close();
}
