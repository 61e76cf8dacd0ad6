package io.evenkeel.affinity;

import java.net.InetSocketAddress;

/** Some or all parts of the five-tuple in network order, hashed with a key. */
record TupleHash(HashSecret secret, boolean withPorts, boolean withProtocol) implements Affinity {
    /** Two IPv6 addresses, two ports, one protocol number. */
    private static final int LONGEST = 2 * 16 + 2 * 2 + 1;

    @Override
    public long key(Flow flow) {
        byte[] bytes = new byte[LONGEST];
        return SipHash.hash(secret, bytes, write(flow, bytes));
    }

    /** Writes what counts of the flow and returns how many bytes that were. */
    int write(Flow flow, byte[] bytes) {
        int length = writeAddress(flow.source(), bytes, 0);
        length = writeAddress(flow.destination(), bytes, length);
        if (withProtocol) {
            bytes[length++] = (byte) flow.protocol().number();
        }
        return length;
    }

    private int writeAddress(InetSocketAddress address, byte[] bytes, int offset) {
        // Java has already turned an IPv4 address mapped into IPv6 back into the IPv4 address it stands for.
        byte[] ip = address.getAddress().getAddress();
        System.arraycopy(ip, 0, bytes, offset, ip.length);
        int end = offset + ip.length;
        if (withPorts) {
            bytes[end++] = (byte) (address.getPort() >>> 8);
            bytes[end++] = (byte) address.getPort();
        }
        return end;
    }

    /** Names the tuple and not the key. */
    @Override
    public String toString() {
        return withPorts ? "5-tuple" : withProtocol ? "3-tuple" : "2-tuple";
    }
}
