package io.evenkeel.netty;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The place of one client's flow in a {@link FlowTable}. */
final class Seat<F> {
    /** Where IPv6 has multicast, which is nobody's source: so no source of IPv4 is taken for one of IPv6. */
    private static final long IPV4 = 0xFFFF_0000_0000_0000L;

    private final InetSocketAddress client;
    private final F flow;
    final long hash;
    final Chain.Link<Seat<F>> age = new Chain.Link<>(this);
    final Chain.Link<Seat<F>> kin = new Chain.Link<>(this);

    @Nullable
    Seat<F> next; // in its slot

    Seat(InetSocketAddress client, F flow, long hash) {
        this.client = client;
        this.flow = flow;
        this.hash = hash;
    }

    F flow() {
        return flow;
    }

    InetSocketAddress client() {
        return client;
    }

    boolean isOf(InetSocketAddress other, long otherHash) {
        return hash == otherHash && client.equals(other);
    }

    /** What counts as one source: an IPv4 address, or a /64 of IPv6. */
    static long source(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress()).getLong()
                : IPV4 | (address.hashCode() & 0xFFFF_FFFFL); // which is the address itself
    }

    /** What tells the hosts of one source apart. */
    static long host(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress()).getLong(Long.BYTES)
                : 0;
    }
}
