package io.evenkeel.health;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What a probe sends before anything else, also before TLS, to a backend that expects the PROXY protocol. Either version
 * says that the connection is the sender's own and passes on nobody's.
 *
 * @see "The PROXY protocol, versions 1 and 2: haproxy.org, doc/proxy-protocol.txt, sections 2.1 and 2.2"
 */
public enum ProxyHeader {
    /** Nothing. */
    OFF(new byte[0]),
    /** The line {@code PROXY UNKNOWN}. */
    V1("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII)),
    /** The binary signature with command {@code LOCAL} and no addresses. */
    V2(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000"));

    @SuppressWarnings("ImmutableEnumChecker") // it never leaves this class
    private final byte[] bytes;

    ProxyHeader(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes.clone();
    }
}
