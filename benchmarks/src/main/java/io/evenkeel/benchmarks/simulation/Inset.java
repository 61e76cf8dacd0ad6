package io.evenkeel.benchmarks.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A table of figures on a page that people write: found by its head, and written anew. */
record Inset(String table) {

    void writeInto(Path page) throws IOException {
        String head = table.substring(0, table.indexOf('\n') + 1);
        String text = Files.readString(page);
        int from = text.indexOf("\n" + head) + 1;
        if (from == 0) {
            throw new IllegalStateException(page + " (expected: a table that begins with " + head.strip() + ")");
        }
        int to = from;
        while (text.startsWith("|", to)) {
            to = text.indexOf('\n', to) + 1;
        }
        Files.writeString(page, text.substring(0, from) + table + text.substring(to));
    }
}
