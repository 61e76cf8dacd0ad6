package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Objects;

/** What must hold of the reader of server names, whatever a client sends. */
public final class ServerNameFuzz {
    private ServerNameFuzz() {}

    /** Called by the fuzzer, and by a test with each input of the corpus. */
    public static void fuzzerTestOneInput(byte[] data) {
        String whole = outcome(data, Math.max(1, data.length));

        check(whole.equals(outcome(data, 1)), "pieces make no difference");
        if (whole.equals("too little")) {
            check(
                    data.length < ClientHello.MAX_LENGTH + ClientHello.RECORD_HEADER,
                    "nobody waits for more than 16 KiB");
        } else {
            check(whole.equals(outcome(Arrays.copyOf(data, data.length + 1), 7)), "what follows is nothing to it");
        }
        check(
                whole.matches("(|[-a-z0-9_]+(\\.[-a-z0-9_]+)*|too little|no TLS|refused: ClientHello: [a-z0-9 KiB]+)"),
                "a name has nothing that forges a line of a log");
    }

    private static String outcome(byte[] data, int piece) {
        ByteBuf in = Unpooled.buffer(data.length);
        ClientHello hello = new ClientHello();
        try {
            for (int at = 0; at < data.length; at += piece) {
                in.writeBytes(data, at, Math.min(piece, data.length - at));
                if (!ClientHello.mayBegin(in)) {
                    return "no TLS";
                }
                String name = hello.serverName(in);
                check(in.readerIndex() == 0, "nothing is taken");
                if (name != null) {
                    return name;
                }
            }
            return "too little";
        } catch (ProtocolException e) {
            return "refused: " + Objects.requireNonNull(e.getMessage());
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("does not hold: " + what);
        }
    }
}
