package io.evenkeel.netty;

import java.io.IOException;

/** A way from one socket to another on which bytes stay inside the system. On one event loop only. */
interface TcpPipe {
    /** How many bytes went in; 0 for none now, or for the end, which only reading tells. */
    int fill() throws IOException;

    /** Hands on as much as the other socket takes; how many bytes that were. */
    int drain() throws IOException;

    boolean isEmpty();

    /** With what is in it. */
    void close();
}
