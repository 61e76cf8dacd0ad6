package io.evenkeel.okhttp;

import java.net.Proxy;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Connection;
import okhttp3.Interceptor;
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
    private final @Nullable String tlsName;
    private volatile Detour detour;
    private volatile boolean open = true;

    /** @param tlsName the name of the member's certificate; null for the logical host */
    Way(Detour detour, Lifetime lifetime, @Nullable String tlsName) {
        this.detour = detour;
        this.lifetime = lifetime;
        this.tlsName = tlsName;
    }

    /** Where this call goes on, so that it goes this way. */
    Interceptor.Chain steer(Interceptor.Chain chain, BalancedCall call) {
        Detour taken = detour.over(chain.getDns(), chain.getSocketFactory());
        if (call.holdsConnectionOtherThan(taken)) {
            Release.heldConnection(chain);
        }
        call.takes(this); // after the release, which still belongs to the way before
        Interceptor.Chain steered = chain.withDns(taken).withSocketFactory(taken);
        if (tlsName != null) {
            steered = prove(tlsName, steered, taken);
        }
        // Also in place of a ProxySelector: OkHttp asks that one only where no proxy is set.
        return Proxy.NO_PROXY.equals(chain.getProxy()) ? steered : steered.withProxy(Proxy.NO_PROXY);
    }

    private static Interceptor.Chain prove(String tlsName, Interceptor.Chain chain, Detour detour) {
        SSLSocketFactory sockets = chain.getSslSocketFactoryOrNull();
        X509TrustManager trust = chain.getX509TrustManagerOrNull();
        if (sockets == null || trust == null) {
            return chain; // a client without TLS, which OkHttp tells its caller
        }
        OwnName name = new OwnName(detour.host(), tlsName, sockets, chain.getHostnameVerifier());
        return chain.withSslSocketFactory(name, trust).withHostnameVerifier(name);
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
