package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("membership")
class FileSourceTest implements BackendSourceContract {
    private static final Backend ONE = Backend.of("10.0.0.1", 80);
    private static final Backend TWO = Backend.of("10.0.0.2", 80);

    @TempDir
    private Path folder;

    private final SourceLog log = new SourceLog();

    @Override
    public BackendSource source() throws IOException {
        return BackendSource.file(file("10.0.0.1:80"));
    }

    @Override
    public List<Backend> backends() {
        return List.of(ONE);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("backends"), text);
    }

    private void ask(BackendSource source) throws Exception {
        source.ask(log);
    }

    @Test
    @DisplayName("1. a file that was put in place of another is seen, even of the same size and time")
    void aFilePutInPlaceOfAnotherIsSeen() throws Exception {
        BackendSource source = BackendSource.file(file("10.0.0.1:80"));
        ask(source);
        FileTime time = Files.getLastModifiedTime(folder.resolve("backends"));

        Path next = Files.writeString(folder.resolve("next"), "10.0.0.2:80");
        Files.setLastModifiedTime(next, time);
        Files.move(
                next, folder.resolve("backends"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        ask(source);

        assertEquals(List.of(List.of(ONE), List.of(TWO)), log.lists());
    }

    @Test
    @DisplayName("1. a link that points elsewhere is seen, as Kubernetes replaces what it mounts")
    void aLinkThatPointsElsewhereIsSeen() throws Exception {
        Path a = Files.createDirectory(folder.resolve("a"));
        Path b = Files.createDirectory(folder.resolve("b"));
        Files.writeString(a.resolve("backends"), "10.0.0.1:80");
        Files.writeString(b.resolve("backends"), "10.0.0.2:80");
        Path data = Files.createSymbolicLink(folder.resolve("data"), a);
        BackendSource source = BackendSource.file(data.resolve("backends"));
        ask(source);

        Path next = Files.createSymbolicLink(folder.resolve("next"), b);
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        ask(source);

        assertEquals(List.of(List.of(ONE), List.of(TWO)), log.lists());
    }

    @Test
    @DisplayName("1. a bad file delivers nothing and says line and reason, until it is good again")
    void aBadFileSaysLineAndReason() throws Exception {
        BackendSource source = BackendSource.file(file("10.0.0.1:80"));
        ask(source);

        file("10.0.0.1:80\n10.0.0.2");
        ask(source);
        ask(source);
        file("10.0.0.1:80\n10.0.0.2:80");
        ask(source);

        String reason = folder.resolve("backends") + ": line 2: address: \"10.0.0.2\" (expected: host:port)";
        assertEquals(List.of(reason, reason), log.failures());
        assertEquals(List.of(List.of(ONE), List.of(ONE, TWO)), log.lists());
    }

    @Test
    void aFileThatIsGoneOrNotTextIsAFailure() throws Exception {
        Path path = file("");
        Files.write(path, "10.0.0.1:80 zone=\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        ask(BackendSource.file(path));
        Files.delete(path);
        ask(BackendSource.file(path));

        assertEquals(List.of(path + ": not UTF-8", path + ": no such file"), log.failures());
    }

    @Test
    @DisplayName("1. a file that is written twice within the grain of its time stamps is seen as it is now")
    void aFileThatIsWrittenTwiceAtATimeIsSeenAsItIsNow() throws Exception {
        FileTime time = FileTime.fromMillis(1_700_000_000_000L);
        BackendSource source = BackendSource.file(file("10.0.0.1:80"));
        Files.setLastModifiedTime(folder.resolve("backends"), time);
        ask(source);

        file("10.0.0.2:80");
        Files.setLastModifiedTime(folder.resolve("backends"), time);
        ask(source);

        assertEquals(List.of(TWO), log.latest());
    }

    @Test
    @DisplayName("1. a folder in place of the file is a failure, and so is a file that cannot be meant")
    void whatCannotBeMeantIsAFailure() throws Exception {
        Path huge = folder.resolve("huge");
        try (var channel = Files.newByteChannel(
                huge, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            channel.position(40L << 20).write(java.nio.ByteBuffer.wrap(new byte[1])); // a hole: takes no room
        }

        ask(BackendSource.file(huge));
        ask(BackendSource.file(folder));

        assertEquals(
                huge + ": line 1: a file of 41943041 bytes (expected: at most 33554432)",
                log.failures().get(0));
        assertEquals(2, log.failures().size());
    }
}
