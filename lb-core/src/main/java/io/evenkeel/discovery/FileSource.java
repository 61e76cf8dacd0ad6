package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file when it has changed. It looks instead of waiting to be told: that works on every file system, sees a file
 * that was put in place of another, and follows links, which is how Kubernetes replaces what it mounts.
 */
final class FileSource implements BackendSource {
    private static final Duration LOOK_AGAIN_IN = Duration.ofSeconds(1);

    /** More than 100,000 lines: what is larger is another file than was meant. */
    private static final long MOST_BYTES = 32L << 20;

    private final Path path;
    // Only one question at a time is under way.
    private @Nullable Look last;
    private boolean isReadTwice; // since it looks as it did last
    private List<Backend> backends = List.of();

    /** What tells a file from the one before. */
    private record Look(
            long size, Object modified, @Nullable Object key) {}

    FileSource(Path path) {
        this.path = path;
    }

    @Override
    public void ask(SourceObserver observer) {
        try {
            Look look = look();
            boolean isNew = !look.equals(last);
            // Once more at the next look: two changes within one grain of the file system's time look like one.
            if (isNew || !isReadTwice) {
                backends = BackendFile.parse(read(look));
                last = look; // a file that is bad is read anew, for it may be in the midst of being written
                isReadTwice = !isNew;
            }
            observer.deliver(backends, LOOK_AGAIN_IN);
        } catch (NoSuchFileException e) {
            observer.failed(path + ": no such file");
        } catch (CharacterCodingException e) {
            observer.failed(path + ": not UTF-8");
        } catch (BackendFile.Mistake e) {
            observer.failed(path + ": " + e.getMessage());
        } catch (IOException e) {
            observer.failed(path + ": " + e);
        }
    }

    private Look look() throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        return new Look(now.size(), now.lastModifiedTime(), now.fileKey());
    }

    private String read(Look look) throws IOException, BackendFile.Mistake {
        if (look.size() > MOST_BYTES) {
            throw new BackendFile.Mistake(
                    1, "a file of " + look.size() + " bytes (expected: at most " + MOST_BYTES + ")");
        }
        return Files.readString(path);
    }

    @Override
    public Duration leastPause() {
        return LOOK_AGAIN_IN;
    }

    @Override
    public String name() {
        return path.toString();
    }
}
