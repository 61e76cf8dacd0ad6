package io.evenkeel.netty;

import java.net.InetSocketAddress;

/** A flow that is nothing but where it comes from. */
final class BareFlow extends Seat<BareFlow> {
    BareFlow(InetSocketAddress client) {
        this(client, client, DatagramHeader.NOBODY);
    }

    BareFlow(InetSocketAddress sender, InetSocketAddress client, int[] named) {
        super(sender, client, named);
    }

    @Override
    public String toString() {
        return client().toString();
    }
}
