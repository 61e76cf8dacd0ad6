package io.evenkeel.orca;

import com.google.common.io.BaseEncoding;

/**
 * Base64 of the protocol buffer {@code OrcaLoadReport}. What it does not know it passes over; what breaks off, or claims
 * to be longer than it is, is malformed.
 *
 * @see "Protocol Buffers, Encoding, protobuf.dev"
 */
final class BinaryReader {
    /** Names by number of field. */
    private static final String[] FIELDS = {
        "",
        "cpu_utilization",
        "mem_utilization",
        "rps",
        "request_cost",
        "utilization",
        "rps_fractional",
        "eps",
        "named_metrics",
        "application_utilization"
    };

    private static final int RPS = 3;
    private static final int KEY = 1;
    private static final int VALUE = 2;

    private final ProtoBytes bytes;
    private final Draft draft;

    private BinaryReader(byte[] bytes, Draft draft) {
        this.bytes = new ProtoBytes(bytes);
        this.draft = draft;
    }

    /** False if it is malformed. */
    static boolean read(String base64, Draft draft) {
        // Asked first, because decoding tells by an exception.
        BaseEncoding encoding = BaseEncoding.base64();
        return encoding.canDecode(base64) && new BinaryReader(encoding.decode(base64), draft).readReport();
    }

    private boolean readReport() {
        boolean isFine = true;
        while (isFine && bytes.nextField()) {
            isFine = readField(bytes.field(), bytes.wire());
        }
        return isFine && !bytes.isBroken();
    }

    private boolean readField(int field, int wire) {
        String name = field < FIELDS.length ? FIELDS[field] : "";
        boolean isTable = Draft.isTable(name);
        if (field == RPS && wire == ProtoBytes.VARINT) {
            return draft.put(name, (double) bytes.varint());
        }
        if (wire == ProtoBytes.LENGTH && isTable) {
            return readEntry(name);
        }
        if (wire == ProtoBytes.FIXED_64 && !isTable && !name.isEmpty() && field != RPS) {
            return draft.put(name, bytes.fixedDouble());
        }
        bytes.skip(wire);
        return true;
    }

    /** A key that is missing is empty and a value that is missing is 0, by the rules of protocol buffers. */
    private boolean readEntry(String table) {
        int endOfReport = bytes.enter();
        String key = "";
        double value = 0;
        while (bytes.nextField()) {
            if (bytes.field() == KEY && bytes.wire() == ProtoBytes.LENGTH) {
                key = bytes.text();
            } else if (bytes.field() == VALUE && bytes.wire() == ProtoBytes.FIXED_64) {
                value = bytes.fixedDouble();
            } else {
                bytes.skip(bytes.wire());
            }
        }
        bytes.leave(endOfReport);
        return !bytes.isBroken() && draft.put(table, key, value);
    }
}
