package io.evenkeel.discovery;

import com.google.common.base.Splitter;
import io.evenkeel.backend.Backend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The text of a file of backends: JSON if it begins with the bracket of an array, else one backend in each line. */
final class BackendFile {

    /** What is wrong with a text, and where. */
    static final class Mistake extends Exception {
        private static final long serialVersionUID = 1L;

        Mistake(int line, String what) {
            super("line " + line + ": " + what);
        }
    }

    /** Editors on Windows put it before the text. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** A bracket, unless it is that of an IPv6 address. */
    private static final Pattern JSON = Pattern.compile("\\s*\\[(?![0-9a-fA-F:])");

    private BackendFile() {}

    /** All or nothing: half a list would take the other half out of the pool. */
    static List<Backend> parse(String text) throws Mistake {
        String plain = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        return JSON.matcher(plain).lookingAt() ? JsonBackends.parse(plain) : lines(plain);
    }

    private static List<Backend> lines(String text) throws Mistake {
        List<Backend> backends = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String declared = line.replaceFirst("(^|\\s)#.*", "").strip();
            if (!declared.isEmpty()) {
                backends.add(backend(number, declared));
            }
        }
        return backends;
    }

    /** {@code 10.0.0.1:8080 weight=50 zone=a name=value}. */
    private static Backend backend(int number, String line) throws Mistake {
        List<String> words = Splitter.onPattern("\\s+").splitToList(line);
        Map<String, String> settings = new HashMap<>();
        settings.put("address", words.get(0));
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new Mistake(number, "\"" + word + "\" (expected: name=value)");
            }
            if (settings.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                throw new Mistake(number, "\"" + word.substring(0, equals) + "\" is there twice");
            }
        }
        try {
            return Declared.backend(settings);
        } catch (IllegalArgumentException e) {
            throw new Mistake(number, String.valueOf(e.getMessage()));
        }
    }
}
