package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import java.net.ProtocolException;

/** Reads a handshake message of TLS field by field, wherever records cut it. Positions are those in the message. */
final class HelloFields {
    private final ByteBuf records;
    private int at; // in the records
    private int leftInRecord;
    private int position;

    /** Begins where {@code records} can be read, and takes nothing from it. */
    HelloFields(ByteBuf records) {
        this.records = records;
        this.at = records.readerIndex();
    }

    int position() {
        return position;
    }

    /** An unsigned number of so many bytes, before {@code end}. */
    int number(int bytes, int end) throws ProtocolException {
        ClientHello.check(bytes <= end - position, "a field beyond the end");
        int number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | next();
        }
        return number;
    }

    private int next() {
        enterRecord();
        leftInRecord--;
        position++;
        return records.getUnsignedByte(at++);
    }

    private void enterRecord() {
        while (leftInRecord == 0) {
            leftInRecord = records.getUnsignedShort(at + ClientHello.RECORD_HEADER - 2);
            at += ClientHello.RECORD_HEADER;
        }
    }

    /** Where the block ends that begins here, with its length in so many bytes. */
    int block(int lengthBytes, int end) throws ProtocolException {
        int length = number(lengthBytes, end);
        ClientHello.check(length <= end - position, "a length beyond the end");
        return position + length;
    }

    /** Passes over what is before {@code to}, which is in the message. */
    void skipTo(int to) {
        while (position < to) {
            enterRecord();
            int step = Math.min(leftInRecord, to - position);
            leftInRecord -= step;
            position += step;
            at += step;
        }
    }
}
