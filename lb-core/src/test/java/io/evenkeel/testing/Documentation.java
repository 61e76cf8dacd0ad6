package io.evenkeel.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Tables of figures in the folder {@code docs}, which are what tests have measured. */
public final class Documentation {
    private Documentation() {}

    /** One of the pages has exactly this table; if not, the message has it to be copied. */
    public static void assertHasTable(List<String> lines) throws IOException {
        String table = String.join("\n", lines);
        try (Stream<Path> files = Files.list(Path.of("..", "docs"))) {
            long pages = files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> read(file).contains(table))
                    .count();
            assertEquals(1, pages, "pages in docs with this table:\n" + table + "\n");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
