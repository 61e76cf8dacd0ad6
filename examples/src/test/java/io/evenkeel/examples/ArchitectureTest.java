package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds the whole repository to what a newcomer is promised: few public types, short files, no cycles. */
class ArchitectureTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (?:abstract |final |sealed |non-sealed )*(?:class|interface|record|enum|@interface) ",
            Pattern.MULTILINE);
    private static final Pattern REFERENCE = Pattern.compile("(?<![\\w.])(io\\.evenkeel(?:\\.[a-z]+)*)\\.[A-Z*]");

    @Test
    @Tag("main-job")
    @DisplayName("7 the public types stay within their budget: about 60, 19 and 10")
    void publicTypesStayWithinTheirBudget() {
        assertAll(
                () -> assertBudget("lb-core", 66),
                () -> assertBudget("lb-netty", 19),
                () -> assertBudget("lb-okhttp", 10));
    }

    private static void assertBudget(String module, int budget) throws IOException {
        List<String> types = sources(module).stream()
                .filter(file -> PUBLIC_TYPE.matcher(read(file)).find())
                .map(file -> file.getFileName().toString())
                .toList();
        assertTrue(!types.isEmpty() && types.size() <= budget, module + " has " + types.size() + ": " + types);
    }

    @Test
    @Tag("main-job")
    @DisplayName("7 the median file is under 90 lines and the longest under 400")
    void filesCanBeReadInOneSitting() throws IOException {
        List<Long> lengths = new ArrayList<>();
        for (String module : List.of("lb-core", "lb-netty", "lb-okhttp", "examples", "benchmarks")) {
            for (Path file : sources(module)) {
                long length = read(file).lines().count();
                assertTrue(length < 400, file + " has " + length + " lines");
                lengths.add(length);
            }
        }
        lengths.sort(null);
        assertTrue(lengths.size() > 50 && lengths.get(lengths.size() / 2) < 90, lengths.toString());
    }

    @Test
    @Tag("main-job")
    @DisplayName("7 there is no cycle between packages of all modules")
    void packagesHaveNoCycle() throws IOException {
        Map<String, Set<String>> uses = new HashMap<>();
        for (String module : List.of("lb-core", "lb-netty", "lb-okhttp")) {
            for (Path file : sources(module)) {
                String code = read(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
                String from = code.replaceFirst("(?s).*?^package ([a-z.]+);.*".replace("^", "(?m)^"), "$1");
                if (!file.endsWith("module-info.java")) {
                    Set<String> to = uses.computeIfAbsent(from, name -> new TreeSet<>());
                    REFERENCE.matcher(code).results().map(m -> m.group(1)).forEach(to::add);
                    to.remove(from);
                }
            }
        }

        // Packages that use nothing which is left can go; what cannot go in the end is a cycle.
        while (uses.values().removeIf(to -> to.stream().noneMatch(uses::containsKey))) {}

        assertEquals(Map.of(), uses);
    }

    @Test
    @Tag("main-job")
    @DisplayName("8 the README's snippet is the program that is compiled here, and its second command is what CI runs")
    void theReadmeKeepsItsWord() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String program = Files.readString(Path.of("src/main/java/io/evenkeel/examples/Quickstart.java"));
        String body = program.substring(program.indexOf(";") + 1); // all but its package

        assertTrue(readme.contains(body.strip()), "README has the program of Quickstart.java");
        List<String> commands = readme.substring(readme.indexOf("## Two commands"))
                .lines()
                .dropWhile(line -> !line.startsWith("```"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("```"))
                .toList();
        assertEquals(2, commands.size());
        assertTrue(Files.readString(ROOT.resolve(".ci/run"))
                .contains(commands.get(1).replace("mvn ", "mvn -B -ntp ")));
    }

    private static List<Path> sources(String module) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
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
