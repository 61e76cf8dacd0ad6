package io.evenkeel.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * For a backend whose certificate is for a name of its own: that name is asked for (SNI) and verified in place of the
 * logical host, and of no other. Everything else, the trust above all, is the client's.
 *
 * <p>Equal for the same names and client, since OkHttp shares a connection only where these are equal.
 */
final class OwnName extends SSLSocketFactory implements HostnameVerifier {
    private final String logical;
    private final String own;
    private final SSLSocketFactory sockets;
    private final HostnameVerifier verifier;

    OwnName(String logical, String own, SSLSocketFactory sockets, HostnameVerifier verifier) {
        this.logical = logical;
        this.own = own;
        this.sockets = sockets;
        this.verifier = verifier;
    }

    private String inPlaceOf(String host) {
        return host.equals(logical) ? own : host;
    }

    @Override
    public boolean verify(String host, SSLSession session) {
        return verifier.verify(inPlaceOf(host), session);
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        return sockets.createSocket(connected, inPlaceOf(host), port, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
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
        return other instanceof OwnName that
                && logical.equals(that.logical)
                && own.equals(that.own)
                && sockets.equals(that.sockets)
                && verifier.equals(that.verifier);
    }

    @Override
    public int hashCode() {
        return 31 * logical.hashCode() + own.hashCode();
    }

    @Override
    public String toString() {
        return logical + " proven as " + own;
    }
}
