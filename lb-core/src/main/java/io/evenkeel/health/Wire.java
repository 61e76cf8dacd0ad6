package io.evenkeel.health;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/**
 * Bytes to a backend and back, by callback and one operation at a time. An operation that fails ends the whole exchange,
 * so a callback means success.
 */
interface Wire {

    /** Sends all that remains in {@code bytes}. */
    void write(ByteBuffer bytes, Runnable then);

    /** Appends what has come, at least one byte, and tells how much it was; -1 at the end of the stream. */
    void read(ByteBuffer into, IntConsumer then);
}
