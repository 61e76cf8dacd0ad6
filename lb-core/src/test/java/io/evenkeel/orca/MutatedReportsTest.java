package io.evenkeel.orca;

import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server sends, it is a report or it is none. */
class MutatedReportsTest {
    /** Characters that mean something to one of the forms, and some that mean nothing to any. */
    private static final String ALPHABET = "{}[]\":,=.+-0123456789eEaAnN\\u/ \t\u0000\u00ff\ud800";

    private final SplittableRandom random = new SplittableRandom(42);

    private String mutated(String text) {
        StringBuilder mutant = new StringBuilder(text);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(mutant.length() + 1);
            int end = Math.min(mutant.length(), at + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> mutant.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 1 -> mutant.delete(at, end);
                case 2 -> mutant.insert(at, mutant.substring(at, end));
                default ->
                    mutant.replace(at, Math.min(end, at + 1), "" + ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
        }
        return mutant.toString();
    }

    private byte[] mutated(byte[] message) {
        byte[] mutant = Arrays.copyOf(message, Math.max(1, message.length + random.nextInt(5) - 2));
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return mutant;
    }

    @Test
    @Tag("strategy")
    @DisplayName("3 of 10,000 mutated load reports each is a report or rejected, in bounded time")
    void mutantsAreReportsOrRejected() {
        List<String> headers = LoadReportTest.wellFormed()
                .map(vector -> vector.get("value").getAsString())
                .toList();
        byte[] message = BaseEncoding.base64().decode(headers.get(4));
        int[] counts = new int[2];

        // A report takes a microsecond; this allows for a hundred each, and a machine that stands still for a while.
        assertTimeout(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 10_000; i++) {
                String base64 = BaseEncoding.base64().encode(mutated(message));
                Optional<LoadReport> report = switch (i % 3) {
                    case 0 -> LoadReport.parseBinary(base64);
                    case 1 -> LoadReport.parse("BIN " + base64);
                    default -> LoadReport.parse(mutated(headers.get(random.nextInt(headers.size()))));
                };
                counts[report.isPresent() ? 1 : 0]++;
            }
        });

        // Some mutations change a digit or a name in a table, and some break a number off.
        assertTrue(counts[0] > 1_000 && counts[1] > 1_000, Arrays.toString(counts));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TEXT %s", "TEXT eps=%s", "JSON %s", "JSON {\"eps\": %s}", "BIN %s"})
    void theLongestHeadersAreRejectedInBoundedTime(String form) {
        List<String> parts =
                List.of("{", "{\"a\":", "9", "1.", "1e9", "\"", "\\", "\\u0", ",", "=", " ", "-", "////", "CIC");

        assertTimeout(Duration.ofSeconds(10), () -> {
            for (String part : parts) {
                String header = String.format(form, part.repeat(8_000 / part.length()));
                assertTrue(header.getBytes(StandardCharsets.UTF_8).length <= 8_192);
                assertTrue(LoadReport.parse(header).isEmpty(), part);
            }
        });
    }
}
