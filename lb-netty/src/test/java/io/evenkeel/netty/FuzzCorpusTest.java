package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.netty.rule.CidrFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The inputs that fuzzing begins with, and those it found, in every build. {@code -P fuzz} looks for more. */
@Tag("netty")
class FuzzCorpusTest {
    private interface Target {
        void run(byte[] input) throws IOException;
    }

    @Test
    @DisplayName("5. S3: what must hold of PROXY headers holds for each input of the corpus")
    void proxyHeaders() throws IOException {
        replay("proxy-header", ProxyHeaderFuzz::fuzzerTestOneInput);
    }

    @Test
    @DisplayName("5. S9: what must hold of address blocks holds for each input of the corpus")
    void addressBlocks() throws IOException {
        replay("cidr", CidrFuzz::fuzzerTestOneInput);
    }

    @Test
    @DisplayName("5. SNI: what must hold of server names holds for each input of the corpus")
    void serverNames() throws IOException {
        replay("server-name", ServerNameFuzz::fuzzerTestOneInput);
    }

    private static void replay(String corpus, Target target) throws IOException {
        try (var files = Files.list(Path.of("src/test/resources/fuzz", corpus))) {
            List<Path> inputs = files.sorted().toList();
            assertTrue(inputs.size() >= 5, inputs.toString());
            for (Path input : inputs) {
                target.run(Files.readAllBytes(input));
            }
        }
    }
}
