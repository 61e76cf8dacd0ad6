package io.evenkeel.examples;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say in code font, as a command or as a link is there. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES = List.of("lb-core", "lb-netty", "lb-okhttp", "examples", "benchmarks");
    private static final Pattern BLOCK = Pattern.compile("```(\\w*)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern TYPE = Pattern.compile("(?<![\\w./:-])[A-Z][a-z]+[A-Z]\\w*");
    private static final Pattern METHOD = Pattern.compile("(?<!new )\\b([a-z]\\w*)\\(");
    private static final Pattern MEMBER = Pattern.compile("\\b([A-Z][a-z]\\w*)\\.([a-z]\\w*)");

    private final List<String> wrong = new ArrayList<>();

    @Test
    void everyPieceOfJavaIsCompiledHere() {
        String compiled = squeezed(text("examples/src/main/java", ".java"));

        eachPage((page, text) -> blocks(text, "java")
                .filter(code -> !compiled.contains(squeezed(code)))
                .forEach(code -> wrong.add(page + ": not in the examples:\n" + code)));

        assertEquals(List.of(), wrong);
    }

    @Test
    void everyLinkLeadsSomewhere() {
        eachPage((page, text) -> LINK.matcher(text).results().forEach(link -> {
            String path = link.group(1);
            Path target = path.isEmpty() ? page : page.resolveSibling(path);
            if (!path.contains("://") && !isThere(target, link.group(2))) {
                wrong.add(page + ": " + link.group());
            }
        }));

        assertEquals(List.of(), wrong);
    }

    private static boolean isThere(Path target, String anchor) {
        return Files.exists(target)
                && (anchor == null
                        || read(target)
                                .lines()
                                .filter(line -> line.startsWith("#"))
                                .map(DocumentationTest::anchorOf)
                                .anyMatch(anchor::equals));
    }

    /** As GitHub makes it of a heading. */
    private static String anchorOf(String heading) {
        return heading.replaceFirst("#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w -]", "")
                .replace(' ', '-');
    }

    @Test
    void everyPageCanBeReachedFromTheReadme() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));

        eachPage((page, text) -> {
            String path = ROOT.relativize(page).toString();
            if (!path.equals("README.md") && !readme.contains("](" + path)) {
                wrong.add(path);
            }
        });

        // The figures of the simulator belong to the page on strategies.
        assertEquals(List.of("docs/strategies-simulated.md"), wrong);
    }

    @Test
    void everyTypeAndMethodInCodeFontIsInTheCode() {
        String code =
                MODULES.stream().map(module -> text(module + "/src", ".java")).collect(joining());
        Set<String> types = found("\\b(?:class|interface|record|enum) (\\w+)", code);
        types.addAll(found("import (?:static )?[a-z0-9_.]+\\.([A-Z]\\w+)", code));
        Set<String> names = found(
                "\\b([a-z]\\w*)\\b", code.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", ""));

        eachPage((page, text) -> CODE.matcher(BLOCK.matcher(text).replaceAll(""))
                .results()
                .forEach(span -> {
                    String words = span.group(1);
                    check(page, words, TYPE.matcher(words).results().map(MatchResult::group), types);
                    check(page, words, METHOD.matcher(words).results().map(found -> found.group(1)), names);
                    check(page, words, MEMBER.matcher(words).results().map(found -> found.group(2)), names);
                }));

        assertEquals(List.of(), wrong);
    }

    @Test
    void everyTypeInThePictureIsInTheCode() {
        Path picture = ROOT.resolve("docs/architecture.svg");
        Stream<String> words = Pattern.compile(">([^<\n]+)</text>")
                .matcher(read(picture))
                .results()
                .map(r -> r.group(1));

        Set<String> types = types(code());
        words.forEach(word -> check(picture, word, TYPE.matcher(word).results().map(MatchResult::group), types));

        assertEquals(List.of(), wrong);
    }

    private static String code() {
        return MODULES.stream().map(module -> text(module + "/src", ".java")).collect(joining());
    }

    private static Set<String> types(String code) {
        Set<String> types = found("\\b(?:class|interface|record|enum) (\\w+)", code);
        types.addAll(found("import (?:static )?[a-z0-9_.]+\\.([A-Z]\\w+)", code));
        return types;
    }

    private void check(Path page, String words, Stream<String> said, Set<String> known) {
        said.filter(name -> !known.contains(name))
                .forEach(name -> wrong.add(page + ": " + name + " in `" + words + "`"));
    }

    @Test
    void everyCommandNamesWhatIsThere() {
        String poms = text("", "pom.xml");
        String measurements = text("benchmarks/src/main/java/io/evenkeel/benchmarks", "/Run.java");
        String runner = text("examples", "/run");

        eachPage((page, text) -> {
            said(page, text, "examples/run (\\w+)", name -> runner.contains(name) && hasMain(name));
            said(page, text, "benchmarks/run ([a-z]+)", name -> measurements.contains('"' + name + '"'));
            said(page, text, "mvn [^`\n]*-P ?(\\w+)", name -> poms.contains("<id>" + name + "</id>"));
            said(page, text, "mvn [^`\n]*-pl (\\S+)", MODULES::contains);
        });

        assertEquals(List.of(), wrong);
    }

    private static boolean hasMain(String example) {
        Path source = Path.of("src/main/java/io/evenkeel/examples/" + example + ".java");
        return Files.exists(source) && read(source).contains("public static void main(String[] args)");
    }

    private void said(Path page, String text, String command, Predicate<String> isThere) {
        Pattern.compile(command)
                .matcher(text)
                .results()
                .filter(found -> !isThere.test(found.group(1)))
                .forEach(found -> wrong.add(page + ": " + found.group()));
    }

    @Test
    void theTableOfLayersHasEveryPackageOfTheCore() throws IOException {
        Set<String> packages = files("lb-core/src/main/java", ".java")
                .map(file -> read(file).replaceFirst("(?s).*?(?m:^package ([a-z.]+);).*", "$1"))
                .filter(name -> name.startsWith("io.evenkeel") && !name.contains("\n"))
                .collect(toSet());

        Set<String> said =
                found("(?m)^\\| \\d \\| `([a-z.]+)`", Files.readString(ROOT.resolve("docs/architecture.md")));

        assertEquals(new TreeSet<>(packages), said);
    }

    @Test
    void theTableOfThreadsHasEveryThread() throws IOException {
        String main = Stream.of("lb-core", "lb-netty", "lb-okhttp")
                .map(module -> text(module + "/src/main", ".java"))
                .collect(joining());

        Set<String> named = found("\"(evenkeel-[a-z]*)", main);

        assertEquals(
                named, found("(?m)^\\| `(evenkeel-[a-z]*)", Files.readString(ROOT.resolve("docs/architecture.md"))));
    }

    private static void eachPage(BiConsumer<Path, String> reader) {
        List<Path> pages = Stream.concat(files("docs", ".md"), files("", ".md").filter(DocumentationTest::isAtTheTop))
                .toList();
        assertTrue(pages.size() > 10, pages.toString());
        pages.forEach(page -> reader.accept(page, read(page)));
    }

    private static boolean isAtTheTop(Path file) {
        return ROOT.equals(file.getParent());
    }

    private static Stream<String> blocks(String text, String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2));
    }

    private static Set<String> found(String pattern, String text) {
        Set<String> all = new TreeSet<>();
        Pattern.compile(pattern).matcher(text).results().forEach(match -> all.add(match.group(1)));
        return all;
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String text(String folder, String ending) {
        return files(folder, ending).map(DocumentationTest::read).collect(joining("\n"));
    }

    private static Stream<Path> files(String folder, String ending) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files
                    .filter(file ->
                            file.toString().endsWith(ending) && !file.toString().contains("/target/"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
