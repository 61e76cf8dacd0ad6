package io.evenkeel.netty;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a flow has to be to have a place in a {@link FlowTable}: a link in the order of use, and one among its kin.
 *
 * <p>It is found by the socket that sends its datagrams and, behind a proxy, by the addresses that the proxy names in each; its
 * kin are the flows of the same client.
 */
abstract class Seat<F extends Seat<F>> extends Chain.Link {
    /** Where IPv6 has multicast, which is nobody's source: so no source of IPv4 is taken for one of IPv6. */
    private static final long IPV4 = 0xFFFF_0000_0000_0000L;

    private final InetSocketAddress sender;
    private final InetSocketAddress client;
    private final int[] named;
    long hash;

    Sources.@Nullable Kinship<F> kinship; // null without a place

    @Nullable
    F next; // in its slot

    Seat(InetSocketAddress sender, InetSocketAddress client, int[] named) {
        this.sender = sender;
        this.client = client;
        this.named = named;
    }

    /** Where its datagrams come from, and replies go to. */
    final InetSocketAddress sender() {
        return sender;
    }

    /** Whose flow it is: that of the sender, or of whom the sender names. */
    final InetSocketAddress client() {
        return client;
    }

    final int[] named() {
        return named;
    }

    final boolean isOf(InetSocketAddress otherSender, int[] otherNamed, int count, long otherHash) {
        return hash == otherHash
                && sender.equals(otherSender)
                && Arrays.equals(named, 0, named.length, otherNamed, 0, count);
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
