package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.ProtocolException;
import java.util.Arrays;

/** What must hold of the reader of TLS clients' first messages, whatever a client sends. */
public final class ClientHelloFuzz {
    private ClientHelloFuzz() {}

    /** Called by the fuzzer, and by a test with each input of the corpus. */
    public static void fuzzerTestOneInput(byte[] data) throws ProtocolException {
        ByteBuf in = Unpooled.wrappedBuffer(data);
        String name;
        try {
            name = ClientHello.serverName(in);
        } catch (ProtocolException e) {
            return;
        } finally {
            check(in.readerIndex() == 0, "nothing is taken");
        }
        if (name == null) {
            // Each byte may come in a record of its own.
            check(data.length < 6 * ClientHello.MAX_LENGTH, "nobody waits for more than 16 KiB");
        } else {
            check(name.matches("[-a-z0-9._]{0,255}"), "a name has nothing that forges a line of a log");
            byte[] more = Arrays.copyOf(data, data.length + 1);
            check(name.equals(ClientHello.serverName(Unpooled.wrappedBuffer(more))), "what follows is nothing to it");
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("does not hold: " + what);
        }
    }
}
