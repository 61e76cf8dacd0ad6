package io.evenkeel.netty;

import io.netty.channel.EventLoop;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which connections are being made, and when each has taken too long: one timer for all, since one made in a moment, as nearly
 * all are, is not worth a timer of its own. On its event loop only.
 */
final class ConnectTimeouts {
    private final EventLoop loop;
    private final Map<TcpSide, Attempt> attempts = new LinkedHashMap<>();
    private boolean planned;

    ConnectTimeouts(EventLoop loop) {
        this.loop = loop;
    }

    private record Attempt(TcpConnecting connecting, long deadlineNanos) {}

    /** All with the same timeout, so that the first is the first that is due. */
    void begin(TcpSide side, TcpConnecting connecting, long timeoutNanos) {
        attempts.put(side, new Attempt(connecting, loop.ticker().nanoTime() + timeoutNanos));
        if (!planned) {
            plan(timeoutNanos);
        }
    }

    void end(TcpSide side) {
        attempts.remove(side);
    }

    private void plan(long nanos) {
        planned = true;
        loop.schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
    }

    private void expire() {
        planned = false;
        Iterator<Map.Entry<TcpSide, Attempt>> all = attempts.entrySet().iterator();
        Map<TcpSide, Attempt> due = new LinkedHashMap<>();
        while (all.hasNext()) {
            Map.Entry<TcpSide, Attempt> next = all.next();
            long left = next.getValue().deadlineNanos() - loop.ticker().nanoTime();
            if (left > 0) {
                plan(left);
                break;
            }
            due.put(next.getKey(), next.getValue());
            all.remove();
        }
        due.forEach((side, attempt) -> attempt.connecting().timedOut(side));
    }
}
