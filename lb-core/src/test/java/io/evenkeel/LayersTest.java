package io.evenkeel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keeps the arrows one-way: a package imports only from layers below its own, so there can be no cycle. */
class LayersTest {
    private static final List<List<String>> LAYERS = List.of(
            List.of("io.evenkeel.backend", "io.evenkeel.affinity", "io.evenkeel.orca"),
            List.of("io.evenkeel.event"),
            List.of("io.evenkeel.pool"),
            List.of(
                    "io.evenkeel.strategy",
                    "io.evenkeel.health",
                    "io.evenkeel.outlier",
                    "io.evenkeel.discovery",
                    "io.evenkeel.availability"),
            List.of("io.evenkeel"));

    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?(io\\.evenkeel[a-z.]*)\\.[A-Z*]", Pattern.MULTILINE);
    private static final Pattern QUALIFIED =
            Pattern.compile("(?<!import )(?<!import static )(?<![\\w.])(io\\.evenkeel(?:\\.[a-z]+)*)\\.[A-Z]");
    private static final Pattern FOREIGN_SIGNATURE = Pattern.compile(
            "^    (?:public|protected) [^;{=]*\\b(ImmutableList|HostAndPort|HashFunction|Logger|Record|Message|Name)\\b");

    @Test
    @Tag("main-job")
    @DisplayName("7 packages import only from layers below")
    void packagesImportOnlyFromLayersBelow() throws IOException {
        List<String> violations = new ArrayList<>();
        for (Path file : sources()) {
            String from = packageOf(file);
            String code = withoutComments(Files.readString(file));
            Stream.concat(
                            IMPORT.matcher(code).results(),
                            QUALIFIED.matcher(code).results())
                    .map(MatchResult::group)
                    .map(LayersTest::packageNamed)
                    .filter(to -> !to.equals(from) && layer(to) >= layer(from))
                    .forEach(to -> violations.add(file.getFileName() + ": " + from + " must not use " + to));
        }

        assertEquals(List.of(), violations);
    }

    @Test
    void noThirdPartyTypeIsInASignature() throws IOException {
        List<String> violations = new ArrayList<>();
        for (Path file : sources()) {
            Files.readString(file)
                    .lines()
                    .filter(line -> FOREIGN_SIGNATURE.matcher(line).find())
                    .forEach(line -> violations.add(file.getFileName() + ": " + line.strip()));
        }

        assertEquals(List.of(), violations);
    }

    @Test
    void chanceAndTimeComeFromOutside() throws IOException {
        Pattern inside = Pattern.compile(
                "System::?\\.?(nanoTime|currentTimeMillis)|new Random\\(|ThreadLocalRandom\\.current|Thread\\.sleep");
        // Where the real defaults are: a pool's clock, a builder's chance, each thread's generator.
        List<String> defaults = List.of("BackendPoolBuilder.java", "LoadBalancerBuilder.java", "ThreadRandom.java");
        List<String> violations = new ArrayList<>();
        for (Path file : sources()) {
            String name = file.getFileName().toString();
            if (!defaults.contains(name)
                    && inside.matcher(withoutComments(Files.readString(file))).find()) {
                violations.add(name);
            }
        }

        assertEquals(List.of(), violations);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/io"))) {
            List<Path> found = files.filter(f -> f.toString().endsWith(".java")).toList();
            assertTrue(found.size() > 20, "the sources are there");
            return found;
        }
    }

    private static String packageOf(Path file) {
        return Path.of("src/main/java").relativize(file.getParent()).toString().replace('/', '.');
    }

    private static String packageNamed(String reference) {
        String name = reference.replaceFirst("^import (static )?", "");
        return name.replaceFirst("\\.[A-Z*].*$", "");
    }

    private static String withoutComments(String code) {
        return code.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
    }

    private static int layer(String name) {
        for (int i = 0; i < LAYERS.size(); i++) {
            if (LAYERS.get(i).contains(name)) {
                return i;
            }
        }
        return fail("package " + name + " is in no layer: add it to LAYERS on purpose");
    }
}
