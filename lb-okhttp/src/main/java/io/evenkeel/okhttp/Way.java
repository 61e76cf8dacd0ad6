package io.evenkeel.okhttp;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import okhttp3.Connection;
import org.jspecify.annotations.Nullable;

/**
 * The way to one member: the detour that new connections take, and the connections that calls have used. OkHttp can close
 * the idle connections of a pool only all together, so these are remembered here.
 *
 * <p>A connection that OkHttp closes by itself is forgotten when the next one is made.
 */
final class Way {
    private final ConcurrentMap<Connection, Line> lines = new ConcurrentHashMap<>();
    private final Lifetime lifetime;
    private volatile Detour detour;
    private volatile boolean open = true;

    Way(Detour detour, Lifetime lifetime) {
        this.detour = detour;
        this.lifetime = lifetime;
    }

    Detour detour() {
        return detour;
    }

    /** A call holds this connection from now on. Null if it leads elsewhere, as after a redirect to a foreign host. */
    @Nullable
    Line acquired(Connection connection) {
        Line line = lines.get(connection);
        if (line == null) {
            if (!Detour.isTakenBy(connection.route())) {
                return null;
            }
            line = add(connection);
        }
        line.acquired();
        return line;
    }

    private Line add(Connection connection) {
        lines.values().removeIf(Line::isClosed);
        return lines.computeIfAbsent(connection, added -> new Line(this, added, lifetime.dueNanos()));
    }

    /** A call holds this connection no longer. */
    void released(Line line, boolean isIdle) {
        boolean isOver = lifetime.isOver(line.dueNanos());
        if (isIdle && (isOver || !open || !line.detour().isOfAgeOf(detour))) {
            line.closeIfIdle();
        } else if (isOver) {
            renew(line.detour());
        }
    }

    /** One of HTTP/2 may be held all the time: new calls make a new one, and the last to hold the old one closes it. */
    private synchronized void renew(Detour old) {
        Detour now = detour;
        if (old.isOfAgeOf(now)) {
            detour = now.renewed();
        }
    }

    /** The member gets picks, or may soon: connections are kept. */
    void open() {
        open = true;
    }

    /** The member gets no more picks: idle connections are closed now, the others when the last call is done with them. */
    void shut() {
        open = false; // before the look at who is idle: who is released meanwhile closes itself
        lines.values().forEach(Line::closeIfIdle);
    }

    /** How many connections are remembered. */
    int lines() {
        return lines.size();
    }
}
