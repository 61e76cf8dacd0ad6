package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import java.net.ProtocolException;
import java.util.Arrays;

/**
 * The header that a proxy puts before each datagram. Read where it is, and used again for the next one, so that nothing is made
 * for datagrams of a flow that is known.
 */
final class DatagramHeader {
    /** Names nobody. */
    static final int[] NOBODY = {};

    /** Two addresses of IPv6, and two ports in one. */
    private static final int MOST_WORDS = 9;

    private final int[] words = new int[MOST_WORDS];
    private int count;
    private int length;

    /** There is none. */
    void clear() {
        count = 0;
        length = 0;
    }

    /** Reads that of a datagram, and takes nothing off. */
    void read(ByteBuf datagram) throws ProtocolException {
        clear();
        length = ProxyDecoder.checkDatagram(datagram);
        int at = ProxyDecoder.addressesAt(datagram);
        int size = ProxyDecoder.addressSize(datagram);
        count = size == 0 ? 0 : (2 * size + 4) / Integer.BYTES;
        for (int i = 0; i < count; i++) {
            words[i] = datagram.getInt(at + i * Integer.BYTES);
        }
    }

    /** How many bytes of the datagram it is. */
    int length() {
        return length;
    }

    /** The addresses that it names, as they stand there: the first {@link #count} of these. */
    int[] words() {
        return words;
    }

    /** How many words the addresses are; 0 if it names nobody. */
    int count() {
        return count;
    }

    /** The addresses, to be kept. */
    int[] copyOfWords() {
        return count == 0 ? NOBODY : Arrays.copyOf(words, count);
    }
}
