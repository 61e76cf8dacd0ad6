package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.InetAddresses;
import io.evenkeel.affinity.Protocol;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
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
 * @param trustedProxies who may and must say in a header of the PROXY protocol who the client is; empty, the default, is
 *     nobody: no header is looked for
 * @param proxyHeaderTimeout how long that header may take; 3 s by default. TCP only: a datagram has it or has it not
 */
public record Frontend(
        Protocol protocol,
        InetAddress address,
        int port,
        Optional<SecurityGroup> securityGroup,
        int newFlowsPerSecond,
        int newFlowBurst,
        List<String> trustedProxies,
        Duration proxyHeaderTimeout) {
    private static final int MAX_RATE = 1_000_000;
    private static final Duration MIN_HEADER_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_HEADER_TIMEOUT = Duration.ofHours(1);

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
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(block -> Cidr.parse("trustedProxies", block));
        checkArgument(
                proxyHeaderTimeout.compareTo(MIN_HEADER_TIMEOUT) >= 0
                        && proxyHeaderTimeout.compareTo(MAX_HEADER_TIMEOUT) <= 0,
                "proxyHeaderTimeout: %s (expected: 1 ms to 1 h)",
                proxyHeaderTimeout);
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
        return new Frontend(
                protocol, InetAddresses.forString(ip), port, Optional.empty(), 0, 0, List.of(), Duration.ofSeconds(3));
    }

    /** The same with another port. */
    public Frontend withPort(int port) {
        return new Frontend(
                protocol,
                address,
                port,
                securityGroup,
                newFlowsPerSecond,
                newFlowBurst,
                trustedProxies,
                proxyHeaderTimeout);
    }

    /**
     * The same with a group that says who may come in. A TCP client that it denies is reset as soon as it is accepted, a
     * datagram is dropped; neither reaches a backend.
     */
    public Frontend withSecurityGroup(SecurityGroup securityGroup) {
        return new Frontend(
                protocol,
                address,
                port,
                Optional.of(securityGroup),
                newFlowsPerSecond,
                newFlowBurst,
                trustedProxies,
                proxyHeaderTimeout);
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
        return new Frontend(
                protocol, address, port, securityGroup, perSecond, burst, trustedProxies, proxyHeaderTimeout);
    }

    /**
     * The same for clients that come through proxies: addresses or blocks such as {@code 10.0.0.0/8}.
     *
     * <p>A TCP connection from one of them must begin with a header of the PROXY protocol, version 1 or 2, or it is reset. The
     * client and the address that the header names then count everywhere: for the security group, limits on flows, the hash,
     * listeners, and the header that the rule sends to backends. The header itself, and extensions in it, go nowhere. A
     * header that names nobody ({@code LOCAL}, {@code UNKNOWN}, {@code UNSPEC}) makes the proxy itself the client.
     *
     * <p>UDP: each datagram must begin with a header of version 2 that is not one of a stream, or it is dropped. A proxy that
     * sends the header with the first datagram of a flow only cannot be served: that one may be lost or overtaken, and whether
     * another has a header would have to be guessed. A flow is what one client sends through one socket of a proxy, to one
     * address; replies go to that socket, without a header. A flow takes some 150 bytes more for it.
     *
     * <p>A connection from anybody else is reset at once, whatever it would send, and a datagram dropped: a header must never
     * be guessed. Give clients that come directly a front end of their own. The source of a datagram is easily forged: see
     * to it that nobody else can send from these addresses, for whoever does can name any client.
     *
     * @see "The PROXY protocol, versions 1 and 2: haproxy.org, doc/proxy-protocol.txt, section 2"
     */
    public Frontend withTrustedProxies(String... blocks) {
        return new Frontend(
                protocol,
                address,
                port,
                securityGroup,
                newFlowsPerSecond,
                newFlowBurst,
                List.of(blocks),
                proxyHeaderTimeout);
    }

    /** The same with another time for the header of a trusted proxy. Below 3 s, one lost packet may cost a connection. */
    public Frontend withProxyHeaderTimeout(Duration proxyHeaderTimeout) {
        return new Frontend(
                protocol,
                address,
                port,
                securityGroup,
                newFlowsPerSecond,
                newFlowBurst,
                trustedProxies,
                proxyHeaderTimeout);
    }

    /** As in {@code tcp 127.0.0.10:80}. */
    @Override
    public String toString() {
        return protocol.name().toLowerCase(Locale.ROOT) + " " + InetAddresses.toUriString(address) + ":" + port;
    }
}
