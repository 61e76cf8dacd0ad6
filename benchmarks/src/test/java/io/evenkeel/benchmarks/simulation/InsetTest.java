package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InsetTest {
    @TempDir
    private Path folder;

    private Path page;

    @BeforeEach
    void aPageWithTwoTables() throws IOException {
        page = folder.resolve("page.md");
        Files.writeString(page, "Before.\n\n| other |\n|---|\n| 1 |\n\n| mine |\n|---|\n| 2 |\n| 3 |\n\nAfter.\n");
    }

    @Test
    void theTableWithTheSameHeadIsReplacedAndNothingElse() throws IOException {
        new Inset("| mine |\n|---|\n| 4 |\n").writeInto(page);

        assertEquals(
                "Before.\n\n| other |\n|---|\n| 1 |\n\n| mine |\n|---|\n| 4 |\n\nAfter.\n", Files.readString(page));
    }

    @Test
    void aPageWithoutSuchATableIsAnError() {
        IllegalStateException fault =
                assertThrows(IllegalStateException.class, () -> new Inset("| theirs |\n|---|\n").writeInto(page));

        assertEquals(page + " (expected: a table that begins with | theirs |)", fault.getMessage());
    }
}
