package io.evenkeel.okhttp;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Connection;

/** One connection to a member, and how many calls hold it. Closed by us only while no call does. */
final class Line {
    /** Far enough from 0 that calls which come too late do not lift it there. */
    private static final int CLOSED = Integer.MIN_VALUE / 2;

    private final Way way;
    private final Connection connection;
    private final long dueNanos;
    private final AtomicInteger holders = new AtomicInteger();

    Line(Way way, Connection connection, long dueNanos) {
        this.way = way;
        this.connection = connection;
        this.dueNanos = dueNanos;
    }

    /** The detour by which it was made. */
    Detour detour() {
        return (Detour) connection.route().address().dns();
    }

    /** When it has reached its age, by the clock of its way. */
    long dueNanos() {
        return dueNanos;
    }

    boolean isClosed() {
        return connection.socket().isClosed();
    }

    void acquired() {
        holders.incrementAndGet();
    }

    void released() {
        way.released(this, holders.decrementAndGet() == 0);
    }

    /**
     * Closes it if no call holds it. One that OkHttp is just giving to a call is either seen as held here, or as closed
     * there before anything is sent: then the call is given another.
     */
    void closeIfIdle() {
        if (holders.compareAndSet(0, CLOSED)) {
            try {
                connection.socket().close();
            } catch (IOException alreadyBroken) {
                // Then it is of no use to anybody either.
            }
        }
    }
}
