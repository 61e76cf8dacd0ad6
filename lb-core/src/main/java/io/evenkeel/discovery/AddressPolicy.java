package io.evenkeel.discovery;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a discovered backend may have. Whoever can write to a registry or a zone could otherwise have this
 * process connect to the metadata service of its cloud, or to itself. Immutable.
 *
 * <p>Refused in any case are addresses that are unspecified ({@code 0.0.0.0/8}, {@code ::}), link-local ({@code
 * 169.254.0.0/16}, {@code fe80::/10}), multicast or broadcast, also within IPv6 addresses that carry one of IPv4: mapped, compatible, translated, 6to4, NAT64,
 * Teredo and ISATAP. What was
 * checked is what is connected to: the address is not looked up again.
 *
 * @param allowsLoopback whether a backend may be on this machine; true by default
 * @param allowsNames whether a backend may have a host name for an address, which is looked up, unchecked, when a connection
 *     is made; false by default
 * @param own what this process listens on and must not connect to, such as its front ends; an unspecified address is all
 *     addresses of this machine. Nothing by default; no host names
 */
public record AddressPolicy(boolean allowsLoopback, boolean allowsNames, Set<InetSocketAddress> own) {
    private static final byte[] BROADCAST = {-1, -1, -1, -1};

    /** Under which IPv6 networks reach IPv4, whose address is the rest: RFC 6052, RFC 8215 and RFC 2765. */
    private static final List<byte[]> PREFIXES =
            List.of(prefix("64:ff9b::"), prefix("64:ff9b:1::"), prefix("::ffff:0:0:0"));

    /** Keeps a copy. What this process listens on must be named by addresses. */
    public AddressPolicy {
        own.forEach(address ->
                checkArgument(!address.isUnresolved(), "own: %s (expected: an address that needs no DNS)", address));
        own = Set.copyOf(own);
    }

    /** Loopback is allowed, names are not. */
    public static AddressPolicy defaults() {
        return new AddressPolicy(true, false, Set.of());
    }

    /** The same without backends on this machine. */
    public AddressPolicy withoutLoopback() {
        return new AddressPolicy(false, allowsNames, own);
    }

    /** The same with host names. */
    public AddressPolicy withNames() {
        return new AddressPolicy(allowsLoopback, true, own);
    }

    /** The same with more that this process listens on. */
    public AddressPolicy withOwn(InetSocketAddress... more) {
        Set<InetSocketAddress> all = new HashSet<>(own);
        all.addAll(Arrays.asList(more));
        return new AddressPolicy(allowsLoopback, allowsNames, all);
    }

    /** Why an address is refused; empty if it is not. */
    public Optional<String> refusal(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            return allowsNames
                    ? Optional.empty()
                    : Optional.of("a host name, which would be looked up unchecked; withNames() allows it");
        }
        if (isOwn(ip, address.getPort())) {
            return Optional.of("its address is our own");
        }
        InetAddress carried = ipv4In(ip);
        return refusal(ip).or(() -> carried == null ? Optional.empty() : refusal(carried));
    }

    private Optional<String> refusal(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        if (ip.isAnyLocalAddress() || (bytes.length == 4 && bytes[0] == 0)) {
            return Optional.of("its address is unspecified");
        }
        if (ip.isLinkLocalAddress()) {
            return Optional.of("its address is link-local");
        }
        if (ip.isMulticastAddress()) {
            return Optional.of("its address is multicast");
        }
        if (Arrays.equals(bytes, BROADCAST)) {
            return Optional.of("its address is broadcast");
        }
        return ip.isLoopbackAddress() && !allowsLoopback ? Optional.of("its address is loopback") : Optional.empty();
    }

    private boolean isOwn(InetAddress ip, int port) {
        return own.stream().anyMatch(listening -> listening.getPort() == port && isAt(ip, listening.getAddress()));
    }

    private static boolean isAt(InetAddress ip, InetAddress listening) {
        return ip.equals(listening) || (listening != null && listening.isAnyLocalAddress() && isOfThisMachine(ip));
    }

    private static boolean isOfThisMachine(InetAddress ip) {
        try {
            return ip.isLoopbackAddress() || NetworkInterface.getByInetAddress(ip) != null;
        } catch (SocketException e) {
            return true; // it cannot be told, and a loop is worse than a backend too few
        }
    }

    /** The IPv4 address that an IPv6 address leads to; null if it is not of that kind. */
    private static @Nullable InetAddress ipv4In(InetAddress ip) {
        if (!(ip instanceof Inet6Address ipv6)) {
            return null;
        }
        byte[] bytes = ip.getAddress();
        if (PREFIXES.stream().anyMatch(prefix -> Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length))) {
            return ipv4(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
        }
        if (InetAddresses.isIsatapAddress(ipv6)) {
            return InetAddresses.getIsatapIPv4Address(ipv6);
        }
        return InetAddresses.hasEmbeddedIPv4ClientAddress(ipv6)
                ? InetAddresses.getEmbeddedIPv4ClientAddress(ipv6)
                : null;
    }

    private static byte[] prefix(String ip) {
        return Arrays.copyOf(InetAddresses.forString(ip).getAddress(), 12);
    }

    private static InetAddress ipv4(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
