package io.evenkeel.orca;

import com.google.common.base.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A place in a message of protocol buffers. Once it is found broken, nothing more is read from it. */
final class ProtoBytes {
    static final int VARINT = 0;
    static final int FIXED_64 = 1;
    static final int LENGTH = 2;
    static final int FIXED_32 = 5;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LARGEST_FIELD = (1 << 29) - 1;
    private static final int LAST_SHIFT = 63;

    private final byte[] bytes;
    private int at;
    private int end;
    private boolean broken;
    private int field;
    private int wire;

    ProtoBytes(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    boolean isBroken() {
        return broken;
    }

    /** Steps to the next field of the message; false if there is none. */
    boolean nextField() {
        if (broken || at == end) {
            return false;
        }
        long tag = varint();
        long number = tag >>> 3;
        broken |= number == 0 || number > LARGEST_FIELD;
        field = (int) number;
        wire = (int) tag & 7;
        return !broken;
    }

    int field() {
        return field;
    }

    int wire() {
        return wire;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift <= LAST_SHIFT && at < end; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                broken |= shift == LAST_SHIFT && next > 1; // more than 64 bits
                return value;
            }
        }
        broken = true;
        return 0;
    }

    double fixedDouble() {
        int start = at;
        return advance(Double.BYTES) ? Double.longBitsToDouble((long) LONGS.get(bytes, start)) : 0;
    }

    String text() {
        int length = length();
        int start = at;
        if (!advance(length) || !Utf8.isWellFormed(bytes, start, length)) {
            broken = true;
            return "";
        }
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }

    /** Steps into a message inside, and returns where the one around it ends. */
    int enter() {
        int outer = end;
        int length = length();
        if (length <= end - at) {
            end = at + length;
        } else {
            broken = true;
        }
        return outer;
    }

    void leave(int outer) {
        end = outer;
    }

    void skip(int wire) {
        switch (wire) {
            case VARINT -> varint();
            case FIXED_64 -> advance(Long.BYTES);
            case LENGTH -> advance(length());
            case FIXED_32 -> advance(Integer.BYTES);
            default -> broken = true; // groups: no version of the report has had any
        }
    }

    /** At most the largest int, which is always too much. */
    private int length() {
        long length = varint();
        return length < 0 || length > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) length;
    }

    private boolean advance(int count) {
        if (broken || count > end - at) {
            broken = true;
            return false;
        }
        at += count;
        return true;
    }
}
