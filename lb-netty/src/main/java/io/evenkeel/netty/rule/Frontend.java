package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.InetAddresses;
import io.evenkeel.affinity.Protocol;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * Where clients come in: a protocol and one address of this machine. Immutable.
 *
 * @param protocol TCP or UDP
 * @param address the address to listen on; for UDP not a wildcard if this machine has several addresses, for replies must
 *     come from the one the client sent to
 * @param port 0 to 65,535; 0 lets the system choose one, which the forwarder then tells
 * @param securityGroup who may come in; empty, the default, is everybody
 */
public record Frontend(Protocol protocol, InetAddress address, int port, Optional<SecurityGroup> securityGroup) {
    /** Checks the port. */
    public Frontend {
        checkArgument(port >= 0 && port <= 65_535, "frontPort: %s (expected: 0 to 65535)", port);
    }

    /** Listens for connections. There is no default address, so that nothing is open by accident. */
    public static Frontend tcp(String ip, int port) {
        return of(Protocol.TCP, ip, port);
    }

    /** Listens for datagrams. There is no default address, so that nothing is open by accident. */
    public static Frontend udp(String ip, int port) {
        return of(Protocol.UDP, ip, port);
    }

    private static Frontend of(Protocol protocol, String ip, int port) {
        checkArgument(InetAddresses.isInetAddress(ip), "frontAddress: \"%s\" (expected: an IP address)", ip);
        return new Frontend(protocol, InetAddresses.forString(ip), port, Optional.empty());
    }

    /**
     * The same with a group that says who may come in. A TCP client that it denies is reset as soon as it is accepted, a
     * datagram is dropped; neither reaches a backend.
     */
    public Frontend withSecurityGroup(SecurityGroup securityGroup) {
        return new Frontend(protocol, address, port, Optional.of(securityGroup));
    }

    /** As in {@code tcp 127.0.0.10:80}. */
    @Override
    public String toString() {
        return protocol.name().toLowerCase(Locale.ROOT) + " " + InetAddresses.toUriString(address) + ":" + port;
    }
}
