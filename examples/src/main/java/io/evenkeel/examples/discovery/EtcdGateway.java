package io.evenkeel.examples.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The JSON gateway of etcd 3.4 and newer, over the client of the JDK. Each call goes to the endpoint that answered last; a
 * failure leads the next call to the next one. With a user, each call has a token, which is asked for with his password. Safe for use by many threads.
 */
final class EtcdGateway {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** Until an answer begins: a watch goes on for ever. */
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    /** About twice a second: what asks while etcd is gone is told so at no cost, and finds it soon when it is back. */
    private static final int LEAST_PAUSE_MILLIS = 250;

    private static final int MOST_PAUSE_MILLIS = 750;

    private static final String NO_TOKEN = "";

    private final List<URI> endpoints;
    private final AtomicInteger failures = new AtomicInteger();
    private final HttpClient http;
    private final EtcdAccess.@Nullable User user;
    private String token = NO_TOKEN; // guarded by this

    /** An answer that says no. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;
        private final int status;
        private final String reason;

        RefusedException(int status, String reason) {
            super(status + " " + reason);
            this.status = status;
            this.reason = reason;
        }

        /** Whether another token would help: this one is not known, or from before users or roles were changed. */
        boolean isForToken() {
            return status == HttpURLConnection.HTTP_UNAUTHORIZED || reason.contains("auth store is old");
        }
    }

    /** Values by key, as they were at a revision of the store. */
    record Found(long revision, Map<String, String> values) {}

    EtcdGateway(EtcdAccess access) {
        this.endpoints = access.endpoints();
        this.user = access.user();
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        if (access.tls() != null) {
            client.sslContext(access.tls());
        }
        this.http = client.build();
    }

    /** All keys that begin so. */
    Found range(String prefix) throws IOException, InterruptedException {
        JsonNode answer = call("/v3/kv/range", keys(prefix));
        Map<String, String> values = new HashMap<>();
        for (JsonNode kv : answer.path("kvs")) {
            values.put(text(kv.path("key")), text(kv.path("value")));
        }
        return new Found(answer.path("header").path("revision").asLong(), Map.copyOf(values));
    }

    /** All changes of keys that begin so, from a revision on. */
    EtcdWatch watch(String prefix, long revision) throws IOException, InterruptedException {
        ObjectNode request = keys(prefix).put("start_revision", revision);
        return new EtcdWatch(open("/v3/watch", object().set("create_request", request)));
    }

    /** Begins a lease that ends by itself if it is not kept alive. */
    long grant(Duration ttl) throws IOException, InterruptedException {
        return call("/v3/lease/grant", object().put("TTL", ttl.toSeconds()))
                .path("ID")
                .asLong();
    }

    /** Renews a lease. False if it is over. */
    boolean keepAlive(long lease) throws IOException, InterruptedException {
        JsonNode answer = call("/v3/lease/keepalive", object().put("ID", lease));
        return answer.path("result").path("TTL").asLong() > 0;
    }

    /** Ends a lease, and with it the keys that hang on it. */
    void revoke(long lease) throws IOException, InterruptedException {
        call("/v3/lease/revoke", object().put("ID", lease));
    }

    /** Writes a value, which is gone with its lease; 0 is no lease. */
    void put(String key, String value, long lease) throws IOException, InterruptedException {
        call(
                "/v3/kv/put",
                object().put("key", bytes(key)).put("value", bytes(value)).put("lease", lease));
    }

    /** One answer to one request; for whatever the methods above have no word. */
    JsonNode call(String path, JsonNode request) throws IOException, InterruptedException {
        try (InputStream body = open(path, request)) {
            return JSON.readTree(body);
        }
    }

    /** How long to wait after a failure; varied, so that a thousand clients of one etcd do not come together. */
    static long pauseMillis() {
        return ThreadLocalRandom.current().nextLong(LEAST_PAUSE_MILLIS, MOST_PAUSE_MILLIS);
    }

    private InputStream open(String path, JsonNode request) throws IOException, InterruptedException {
        int failed = failures.get();
        URI endpoint = endpoints.get(Math.floorMod(failed, endpoints.size()));
        try {
            String given = token(endpoint, NO_TOKEN);
            try {
                return send(endpoint, path, request, given);
            } catch (RefusedException e) {
                if (user == null || !e.isForToken()) {
                    throw e;
                }
                return send(endpoint, path, request, token(endpoint, given));
            }
        } catch (IOException e) {
            failures.compareAndSet(failed, failed + 1);
            throw new IOException(endpoint + path + ": " + e, e);
        }
    }

    /** One that is not known to be refused; etcd forgets those that nobody uses, and all when it starts anew. */
    private synchronized String token(URI endpoint, String refused) throws IOException, InterruptedException {
        if (user != null && token.equals(refused)) {
            ObjectNode request = object().put("name", user.name()).put("password", user.password());
            try (InputStream body = send(endpoint, "/v3/auth/authenticate", request, NO_TOKEN)) {
                token = JSON.readTree(body).path("token").asText();
            }
        }
        return token;
    }

    private InputStream send(URI endpoint, String path, JsonNode request, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder post = HttpRequest.newBuilder(endpoint.resolve(path))
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(request.toString()));
        if (!token.equals(NO_TOKEN)) {
            post.header("Authorization", token);
        }
        HttpResponse<InputStream> response = http.send(post.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw new RefusedException(response.statusCode(), new String(body.readNBytes(200), UTF_8));
            }
        }
        return response.body();
    }

    private static ObjectNode keys(String prefix) {
        byte[] end = prefix.getBytes(UTF_8);
        end[end.length - 1]++; // the first key after all that begin so
        return object().put("key", bytes(prefix))
                .put("range_end", Base64.getEncoder().encodeToString(end));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String bytes(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** The gateway writes bytes in base 64. */
    static String text(JsonNode bytes) {
        return new String(Base64.getDecoder().decode(bytes.asText()), UTF_8);
    }
}
