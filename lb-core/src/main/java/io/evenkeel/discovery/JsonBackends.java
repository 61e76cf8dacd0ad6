package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An array of flat objects: {@code [{"address": "10.0.0.1:8080", "weight": 50, "zone": "a"}]}. No more of JSON (RFC 8259)
 * is needed, and so no more is read: values are strings, numbers, {@code true} and {@code false}.
 */
final class JsonBackends {
    private final String text;
    private int at;

    private JsonBackends(String text) {
        this.text = text;
    }

    static List<Backend> parse(String text) throws BackendFile.Mistake {
        JsonBackends json = new JsonBackends(text);
        List<Backend> backends = json.array();
        json.skipSpace();
        if (json.at < text.length()) {
            throw json.mistake("something after the array");
        }
        return backends;
    }

    private List<Backend> array() throws BackendFile.Mistake {
        List<Backend> backends = new ArrayList<>();
        expect('[');
        if (take(']')) {
            return backends;
        }
        do {
            backends.add(object());
        } while (take(','));
        expect(']');
        return backends;
    }

    private Backend object() throws BackendFile.Mistake {
        Map<String, String> settings = new HashMap<>();
        expect('{');
        if (!take('}')) {
            do {
                String name = string();
                expect(':');
                if (settings.put(name, value()) != null) {
                    throw mistake("\"" + name + "\" is there twice");
                }
            } while (take(','));
            expect('}');
        }
        try {
            return Declared.backend(settings);
        } catch (IllegalArgumentException e) {
            throw mistake(String.valueOf(e.getMessage()));
        }
    }

    private String value() throws BackendFile.Mistake {
        skipSpace();
        if (at < text.length() && text.charAt(at) == '"') {
            return string();
        }
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        if (!word.matches("true|false|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw mistake("\"" + word + "\" (expected: a string, a number, true or false)");
        }
        return word;
    }

    private String string() throws BackendFile.Mistake {
        expect('"');
        StringBuilder read = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return read.toString();
            }
            if (c < ' ') {
                at--;
                break;
            }
            read.append(c == '\\' ? escaped() : c);
        }
        throw mistake("a string without an end");
    }

    /** What follows a backslash. */
    private char escaped() throws BackendFile.Mistake {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw mistake("a backslash before what needs none");
        };
    }

    private char hex() throws BackendFile.Mistake {
        int end = Math.min(text.length(), at + 4);
        String digits = text.substring(at, end);
        if (!digits.matches("[0-9a-fA-F]{4}")) {
            throw mistake("\"\\u" + digits + "\" (expected: four digits)");
        }
        at = end;
        return (char) Integer.parseInt(digits, 16);
    }

    private void expect(char wanted) throws BackendFile.Mistake {
        if (!take(wanted)) {
            String found = at < text.length() ? "\"" + text.charAt(at) + "\"" : "the end";
            throw mistake(found + " (expected: " + wanted + ")");
        }
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

    private BackendFile.Mistake mistake(String what) {
        int line = 1
                + (int) text.substring(0, Math.min(at, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new BackendFile.Mistake(line, what);
    }
}
