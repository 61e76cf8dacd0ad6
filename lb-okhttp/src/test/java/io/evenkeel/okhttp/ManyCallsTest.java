package io.evenkeel.okhttp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is left of calls, whatever became of them. */
@Tag("okhttp")
@Timeout(300)
class ManyCallsTest {
    private static final int ROUNDS = 1_000;
    private static final FailoverPolicy POLICY = FailoverPolicy.defaults()
            .withStatuses(503)
            .withBackOff(Duration.ZERO)
            .withBudget(1, 1_000)
            .withStrict(true);

    /** Who is asked for {@code /dying} and {@code /busy} by server 0 does badly. */
    private static MockResponse answer(int server, RecordedRequest request) {
        return switch (String.valueOf(request.getTarget())) {
            case "/dying" -> server == 0 ? EndOfLoadTest.dyingAtOnce() : Fleet.text("well");
            case "/busy" -> Fleet.text("sorry").newBuilder().code(503).build();
            case "/large" -> Fleet.text("x".repeat(100_000));
            case "/empty" -> Fleet.status(204);
            case "/moved" -> Fleet.redirect("/empty");
            default -> Fleet.text("well");
        };
    }

    private static Call to(OkHttpClient client, String path) {
        return client.newCall(Fleet.get("http://orders" + path));
    }

    private static List<Call> calls(OkHttpClient client) {
        Request.Builder head = new Request.Builder().url("http://orders/").head();
        Request.Builder put =
                new Request.Builder().url("http://orders/").put(RequestBody.create("put".getBytes(UTF_8)));
        Call cancelled = to(client, "/");
        cancelled.cancel();
        return List.of(
                to(client, "/"),
                to(client, "/dying"),
                to(client, "/busy"),
                to(client, "/large"),
                to(client, "/empty"),
                to(client, "/moved"),
                client.newCall(head.build()),
                client.newCall(put.build()),
                client.newCall(Fleet.post("http://orders/")),
                cancelled);
    }

    private static void run(Call call, boolean toTheEnd) {
        try (Response response = call.execute()) {
            if (toTheEnd) {
                response.body().bytes();
            }
        } catch (IOException expected) {
            // for what is dying or cancelled; what is owed is that nothing is left
        }
    }

    /** Those of OkHttp and of the servers come and go by clocks of their own. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("OkHttp") && !name.startsWith("Okio") && !name.startsWith("MockWeb"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @DisplayName("7. ten thousand calls of every kind leave nothing in flight, no connection in use and no thread")
    void tenThousandCalls() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            fleet.answering(ManyCallsTest::answer);
            OkHttpClient client = fleet.client(POLICY);
            run(to(client, "/"), true);
            Set<String> before = threads();
            int picks = fleet.picks();

            for (int round = 0; round < ROUNDS; round++) {
                boolean toTheEnd = round % 2 == 0;
                calls(client).forEach(call -> run(call, toTheEnd));
            }

            assertTrue(fleet.picks() - picks > 9 * ROUNDS, "all but those that were cancelled were picked for");
            Await.until("nothing is in flight", () -> fleet.inFlight() == 0);
            assertEquals(
                    client.connectionPool().idleConnectionCount(),
                    client.connectionPool().connectionCount());
            Set<String> left = threads();
            left.removeAll(before);
            assertEquals(Set.of(), left);
        }
    }
}
