package io.evenkeel.orca;

import com.google.common.base.CaseFormat;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object of numbers, and of objects of numbers: no more of JSON (RFC 8259) is in a report. Names may also be in camel
 * case, as protocol buffers write themselves to JSON.
 */
final class JsonReader {
    private final String text;
    private final Draft draft;
    private final Set<String> tables = new HashSet<>();
    private int at;

    private JsonReader(String text, Draft draft) {
        this.text = text;
        this.draft = draft;
    }

    /** False if it is malformed. */
    static boolean read(String text, Draft draft) {
        JsonReader reader = new JsonReader(text, draft);
        return reader.readObject(null) && reader.at == text.length();
    }

    /** The report itself, or one of its tables. */
    private boolean readObject(@Nullable String table) {
        if (!take('{')) {
            return false;
        }
        if (take('}')) {
            return true;
        }
        do {
            String name = readString();
            if (name == null || !take(':') || !readValue(table, name)) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    private boolean readValue(@Nullable String table, String name) {
        if (table != null) {
            return draft.put(table, name, readNumber());
        }
        String field = CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name);
        return Draft.isTable(field) ? tables.add(field) && readObject(field) : draft.put(field, readNumber());
    }

    private double readNumber() {
        skipSpace();
        int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return Decimal.parse(text.substring(start, at));
    }

    /** Null if there is none. */
    private @Nullable String readString() {
        if (!take('"')) {
            return null;
        }
        StringBuilder read = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return read.toString();
            }
            int meant = c == '\\' ? readEscape() : c;
            if (c < ' ' || meant < 0) {
                return null;
            }
            read.append((char) meant);
        }
        return null;
    }

    /** What follows a backslash; -1 if it is none of what may. */
    private int readEscape() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> readHex();
            default -> -1;
        };
    }

    private int readHex() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? "0123456789abcdef".indexOf(Character.toLowerCase(text.charAt(at++))) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private boolean take(char wanted) {
        skipSpace();
        boolean isThere = at < text.length() && text.charAt(at) == wanted;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
