package io.evenkeel.okhttp;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * The way to one backend, in place of the client's own look-ups and sockets. For the logical host it answers with an
 * address that only it knows, and a socket that is told to connect to that very address goes to the backend. All other
 * names, addresses and ports go the client's own way: a redirect or a proxy must not end at a backend. Those of other routes
 * go nowhere, by a {@link Crossing}.
 *
 * <p>Equal for the same way at the same age of it, since OkHttp shares a connection between calls whose {@link Dns} is
 * equal. Light, and without a reference to the pool, since OkHttp remembers routes that failed for ever.
 */
final class Detour extends SocketFactory implements Dns {
    /** Stands for a backend whose address is not known yet. Reserved for documentation by RFC 5737: nobody is there. */
    private static final byte[] NOWHERE = {(byte) 192, 0, 2, 0};

    private final Origin origin;
    private final String backend;
    private final InetSocketAddress target;
    private final LogicalHosts hosts;
    private final Dns dns;
    private final SocketFactory sockets;
    private final InetAddress marker;

    /** The same object for all detours of one way at one age. */
    private final Object age;

    /** @param hosts those of all routes, the one of {@code origin} among them */
    Detour(Origin origin, Backend backend, LogicalHosts hosts, Dns dns, SocketFactory sockets) {
        this(origin, backend.id(), backend.address(), hosts, new Object(), dns, sockets);
    }

    private Detour(
            Origin origin,
            String backend,
            InetSocketAddress target,
            LogicalHosts hosts,
            Object age,
            Dns dns,
            SocketFactory sockets) {
        this.origin = origin;
        this.backend = backend;
        this.target = target;
        this.hosts = hosts;
        this.age = age;
        this.dns = dns;
        this.sockets = sockets;
        this.marker = marker(origin.host(), target.getAddress());
    }

    private static InetAddress marker(String host, @Nullable InetAddress address) {
        try {
            return InetAddress.getByAddress(host, address != null ? address.getAddress() : NOWHERE);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // thrown for other lengths than 4 and 16 only
        }
    }

    /** The logical one. */
    String host() {
        return origin.host();
    }

    /** Whether OkHttp takes this for the same server: by host and port. */
    boolean isFor(HttpUrl url) {
        return url.port() == origin.port() && url.host().equals(origin.host());
    }

    /** The same for a client of other look-ups and sockets. */
    Detour over(Dns dns, SocketFactory sockets) {
        return this.dns == dns && this.sockets == sockets
                ? this
                : new Detour(origin, backend, target, hosts, age, dns, sockets);
    }

    /** Leads to the same backend, but by connections of its own. */
    Detour renewed() {
        return new Detour(origin, backend, target, hosts, new Object(), dns, sockets);
    }

    /** Whether both belong to the same way at the same age of it, if for other clients. */
    boolean isOfAgeOf(Detour other) {
        return age == other.age;
    }

    /** Whether a connection of this route goes to a backend, and not to another host by the client's own way. */
    static boolean isTakenBy(Route route) {
        return route.address().dns() instanceof Detour detour && detour.isTold(route.socketAddress());
    }

    @SuppressWarnings("ReferenceEquality") // as in bend
    private boolean isTold(InetSocketAddress wanted) {
        return wanted.getAddress() == marker && wanted.getPort() == origin.port();
    }

    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        if (hostname.equals(origin.host())) {
            return List.of(marker);
        }
        InetAddress other = hosts.markerOf(hostname);
        return other != null ? List.of(other) : dns.lookup(hostname);
    }

    @Override
    public Dns.Call newCall(Dns.Request request) {
        return hosts.markerOf(request.hostname()) != null ? Dns.super.newCall(request) : dns.newCall(request);
    }

    /**
     * Where a socket goes that was told to go to {@code wanted}. Looks names up anew each time.
     *
     * @throws Crossing if that is where another route begins
     */
    @SuppressWarnings("ReferenceEquality") // others may know the backend's address, too: only our answer is bent
    InetSocketAddress bend(InetSocketAddress wanted) throws IOException {
        if (isTold(wanted)) {
            return target.isUnresolved() ? resolve(target.getHostString(), target.getPort()) : target;
        }
        if (wanted.getAddress() != marker && !hosts.isMarker(wanted.getAddress())) {
            return wanted;
        }
        if (hosts.serve(wanted.getHostString(), wanted.getPort())) {
            throw new Crossing(origin, wanted.getHostString(), wanted.getPort());
        }
        return resolve(wanted.getHostString(), wanted.getPort()); // another service of the same name
    }

    private InetSocketAddress resolve(String host, int port) throws UnknownHostException {
        List<InetAddress> found = dns.lookup(host);
        if (found.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return new InetSocketAddress(found.get(0), port);
    }

    @Override
    public Socket createSocket() throws IOException {
        return new DetourSocket(this, sockets.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return sockets.createSocket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return sockets.createSocket(host, port, local, localPort);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Detour that && age == that.age && dns.equals(that.dns) && sockets.equals(that.sockets);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(age);
    }

    @Override
    public String toString() {
        return origin + " by way of " + backend;
    }
}
