package io.evenkeel.examples.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stream of changes, one message in each line. Read by one thread, closed by any. */
final class EtcdWatch implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InputStream body;
    private final BufferedReader lines;
    private volatile boolean closed;

    EtcdWatch(InputStream body) {
        this.body = body;
        this.lines = new BufferedReader(new InputStreamReader(body, UTF_8));
    }

    /**
     * Waits for the next message, and applies what it says to the values that were there before.
     *
     * @return null if all keys must be read anew: somebody has closed the watch, or etcd has forgotten the changes with which
     *     it was to begin
     */
    @Nullable
    Map<String, String> next(Map<String, String> before) throws IOException {
        String line = line();
        if (line == null) {
            return null;
        }
        JsonNode message = JSON.readTree(line);
        JsonNode result = message.path("result");
        if (result.path("compact_revision").asLong() > 0) {
            return null;
        }
        if (!message.has("result") || result.path("canceled").asBoolean()) {
            throw new IOException("watch: " + line);
        }
        return after(before, result.path("events"));
    }

    /** Null if somebody has closed it. */
    private @Nullable String line() throws IOException {
        String line;
        try {
            line = lines.readLine();
        } catch (IOException e) {
            if (closed) {
                return null;
            }
            throw new IOException("watch: it broke off: " + e.getMessage(), e);
        }
        if (line == null && !closed) {
            throw new IOException("watch: it broke off");
        }
        return line;
    }

    private static Map<String, String> after(Map<String, String> before, JsonNode events) {
        Map<String, String> values = new HashMap<>(before);
        for (JsonNode event : events) {
            JsonNode changed = event.path("kv");
            String key = EtcdGateway.text(changed.path("key"));
            if (event.path("type").asText().equals("DELETE")) {
                values.remove(key);
            } else {
                values.put(key, EtcdGateway.text(changed.path("value")));
            }
        }
        return values;
    }

    /** Ends the wait of whoever reads. */
    @Override
    public void close() throws IOException {
        closed = true;
        body.close();
    }
}
