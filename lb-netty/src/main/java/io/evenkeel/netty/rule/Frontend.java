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
 * @param newFlowsPerSecond how many new flows a second one source may open in the long run; 0, the default, is any number
 * @param newFlowBurst how many it may open at once when it was quiet before; 0 if there is no limit
 */
public record Frontend(
        Protocol protocol,
        InetAddress address,
        int port,
        Optional<SecurityGroup> securityGroup,
        int newFlowsPerSecond,
        int newFlowBurst) {
    private static final int MAX_RATE = 1_000_000;

    /** Checks the numbers. */
    public Frontend {
        checkArgument(port >= 0 && port <= 65_535, "frontPort: %s (expected: 0 to 65535)", port);
        checkArgument(
                newFlowsPerSecond >= 0 && newFlowsPerSecond <= MAX_RATE,
                "newFlowsPerSecond: %s (expected: 1 to 1000000, 0 for any number)",
                newFlowsPerSecond);
        checkArgument(
                newFlowsPerSecond == 0 ? newFlowBurst == 0 : newFlowBurst >= 1 && newFlowBurst <= MAX_RATE,
                "newFlowBurst: %s (expected: 1 to 1000000, 0 without a limit)",
                newFlowBurst);
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
        return new Frontend(protocol, InetAddresses.forString(ip), port, Optional.empty(), 0, 0);
    }

    /**
     * The same with a group that says who may come in. A TCP client that it denies is reset as soon as it is accepted, a
     * datagram is dropped; neither reaches a backend.
     */
    public Frontend withSecurityGroup(SecurityGroup securityGroup) {
        return new Frontend(protocol, address, port, Optional.of(securityGroup), newFlowsPerSecond, newFlowBurst);
    }

    /**
     * The same with a limit on new flows from one source: an IPv4 address, or the 64 bits before the slash of an IPv6
     * {@code /64}. A token bucket, shared by all threads of the forwarder; more are refused as by a security group.
     *
     * <p>Remembers the 8,192 sources that need it most, in 128 KiB. Forgets those first that could open a whole burst again,
     * for whom it makes no difference.
     *
     * @param perSecond 1 to 1,000,000; 0 for no limit
     * @param burst 1 to 1,000,000; 0 without a limit
     */
    public Frontend withNewFlowsPerSecond(int perSecond, int burst) {
        return new Frontend(protocol, address, port, securityGroup, perSecond, burst);
    }

    /** As in {@code tcp 127.0.0.10:80}. */
    @Override
    public String toString() {
        return protocol.name().toLowerCase(Locale.ROOT) + " " + InetAddresses.toUriString(address) + ":" + port;
    }
}
