package io.evenkeel.examples;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;

/** Where the bytes of one call went, as OkHttp itself tells it. */
final class Trace extends EventListener {
    /** For every call of a client. */
    static final Factory OF_EACH_CALL = Trace::of;

    private final List<String> sentTo = new CopyOnWriteArrayList<>();
    private volatile String connected = "";

    private static EventListener of(Call call) {
        Trace trace = call.request().tag(Trace.class);
        return trace == null ? NONE : trace;
    }

    /** The hosts to which at least the beginning of the call was written; one that was tried twice comes twice. */
    List<String> sentTo() {
        return sentTo;
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        connected = ((InetSocketAddress) connection.socket().getRemoteSocketAddress())
                .getAddress()
                .getHostAddress();
    }

    @Override
    public void requestHeadersStart(Call call) {
        sentTo.add(connected);
    }
}
