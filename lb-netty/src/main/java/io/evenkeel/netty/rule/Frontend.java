package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.InetAddresses;
import io.evenkeel.affinity.Protocol;
import java.net.InetAddress;
import java.util.Locale;

/**
 * Where clients come in: a protocol and one address of this machine. Immutable.
 *
 * @param protocol TCP or UDP
 * @param address the address to listen on; for UDP not a wildcard if this machine has several addresses, for replies must
 *     come from the one the client sent to
 * @param port 0 to 65,535; 0 lets the system choose one, which the forwarder then tells
 */
public record Frontend(Protocol protocol, InetAddress address, int port) {
    /** Checks the port. */
    public Frontend {
        checkArgument(port >= 0 && port <= 65_535, "frontPort: %s (expected: 0 to 65535)", port);
    }

    /** Listens for connections. There is no default address, so that nothing is open by accident. */
    public static Frontend tcp(String ip, int port) {
        return new Frontend(Protocol.TCP, parse(ip), port);
    }

    /** Listens for datagrams. There is no default address, so that nothing is open by accident. */
    public static Frontend udp(String ip, int port) {
        return new Frontend(Protocol.UDP, parse(ip), port);
    }

    /** The same with another port. */
    public Frontend withPort(int port) {
        return new Frontend(protocol, address, port);
    }

    private static InetAddress parse(String ip) {
        checkArgument(InetAddresses.isInetAddress(ip), "frontAddress: \"%s\" (expected: an IP address)", ip);
        return InetAddresses.forString(ip);
    }

    /** As in {@code tcp 127.0.0.10:80}. */
    @Override
    public String toString() {
        return protocol.name().toLowerCase(Locale.ROOT) + " " + InetAddresses.toUriString(address) + ":" + port;
    }
}
