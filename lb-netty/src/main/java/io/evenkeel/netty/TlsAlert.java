package io.evenkeel.netty;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a TLS client is told before it is turned away, so that it need not guess why.
 *
 * @see "Rescorla: TLS 1.3, RFC 8446 (2018), sections 5.1 and 6"
 */
enum TlsAlert {
    /** Its message cannot be read. */
    DECODE_ERROR(50),
    /** It gives no name, and must. */
    MISSING_EXTENSION(109),
    /** It gives a name that nobody has here. */
    UNRECOGNIZED_NAME(112);

    private static final byte ALERT = 21;
    private static final byte FATAL = 2;

    private final byte description;

    TlsAlert(int description) {
        this.description = (byte) description;
    }

    /** Sends it as the first and last thing of a connection, and closes that. */
    void close(TcpSocket socket, RelaySpace space) {
        byte[] record = {ALERT, 3, 3, 0, 2, FATAL, description};
        ByteBuffer data = space.buffer().clear().put(record).flip();
        try {
            socket.write(data); // nothing was sent before it, so there is room for it
        } catch (IOException e) {
            // It has left.
        }
        socket.close();
    }
}
