package io.evenkeel.netty;

import java.net.InetSocketAddress;

/** A flow that is nothing but its client. */
final class BareFlow extends Seat<BareFlow> {
    BareFlow(InetSocketAddress client) {
        super(client, client, DatagramHeader.NOBODY);
    }

    @Override
    public String toString() {
        return client().toString();
    }
}
