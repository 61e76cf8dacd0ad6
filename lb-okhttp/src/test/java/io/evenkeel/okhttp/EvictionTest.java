package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("okhttp")
@Timeout(60)
class EvictionTest {
    private static final Certificates CERTIFICATES = Certificates.of("orders");

    private final PromptSockets sockets = new PromptSockets();

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP_1_1", "HTTP_2"})
    @DisplayName("1. R13: when remove has returned, the idle connection is closed, and those to others are not")
    void aRemovedBackendLosesItsIdleConnectionAtOnce(Protocol protocol) throws IOException {
        try (Fleet fleet = secureFleet(2)) {
            OkHttpClient client = client(fleet, protocol);
            call(client);
            call(client);

            fleet.balancer.pool().remove("b0");

            assertEquals(0, openTo(fleet, 0));
            assertEquals(1, openTo(fleet, 1));
            assertEquals("b1", call(client));
            assertEquals(1, fleet.connectionsOf(1));
        }
    }

    @Test
    @DisplayName("1. R13: an ejected backend loses its idle connection at once, and gets a new one when it is back")
    void anEjectedBackendLosesItsIdleConnectionAtOnce() throws IOException {
        try (Fleet fleet = secureFleet(2)) {
            OkHttpClient client = client(fleet, Protocol.HTTP_1_1);
            call(client);
            call(client);
            BackendPool pool = fleet.balancer.pool();

            pool.eject(pool.snapshot().members().get(0), Duration.ofHours(1), "test", 100, 100);
            assertEquals(0, openTo(fleet, 0));
            pool.endEjection(pool.snapshot().members().get(0));
            call(client);
            call(client);

            assertEquals(1, openTo(fleet, 0));
            assertEquals(2, fleet.connectionsOf(0));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP_1_1", "HTTP_2"})
    @DisplayName("1. R13: calls on a connection to a draining backend end well, and then it is closed")
    void aDrainingBackendFinishesAndGoes(Protocol protocol) throws IOException {
        try (Fleet fleet = secureFleet(1);
                Held held = new Held()) {
            fleet.answering(held::answer);
            OkHttpClient client = client(fleet, protocol);
            CompletableFuture<String> slow = callLater(client, "/held");
            Await.until("the server has it", () -> fleet.requestsOf(0) == 1);

            fleet.balancer.pool().drain("b0", Duration.ofMinutes(1));
            assertEquals(1, openTo(fleet, 0));
            held.letGo();

            assertEquals("b0", slow.join());
            Await.until("the connection is closed", () -> openTo(fleet, 0) == 0);
        }
    }

    @Test
    @DisplayName("1. R13: a connection of HTTP/2 stays while any of its calls goes on")
    void theLastCallClosesTheConnection() throws IOException {
        try (Fleet fleet = secureFleet(1);
                Held held = new Held()) {
            fleet.answering(held::answer);
            OkHttpClient client = client(fleet, Protocol.HTTP_2);
            CompletableFuture<String> slow = callLater(client, "/held");
            Await.until("the server has it", () -> fleet.requestsOf(0) == 1);

            try (Response quick = client.newCall(Fleet.get("https://orders/")).execute()) {
                fleet.balancer.pool().remove("b0");
                assertEquals("b0", quick.body().string());
            }

            assertEquals(1, openTo(fleet, 0));
            held.letGo();
            assertEquals("b0", slow.join());
            Await.until("the connection is closed", () -> openTo(fleet, 0) == 0);
            assertEquals(1, fleet.connectionsOf(0));
        }
    }

    @Test
    @DisplayName("1. R13, R17: a web socket to a removed backend goes on until it ends")
    void aWebSocketGoesOn() throws IOException {
        try (Fleet fleet = secureFleet(1)) {
            CompletableFuture<WebSocket> serving = new CompletableFuture<>();
            fleet.answering(new MockResponse.Builder()
                    .webSocketUpgrade(new WebSocketListener() {
                        @Override
                        public void onOpen(WebSocket webSocket, Response response) {
                            serving.complete(webSocket);
                        }
                    })
                    .build());
            CompletableFuture<String> heard = new CompletableFuture<>();
            WebSocket socket = client(fleet, Protocol.HTTP_1_1)
                    .newWebSocket(Fleet.get("https://orders/"), new WebSocketListener() {
                        @Override
                        public void onMessage(WebSocket webSocket, String text) {
                            heard.complete(text);
                        }

                        @Override
                        public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
                            heard.completeExceptionally(failure);
                        }
                    });
            WebSocket server = serving.join();

            fleet.balancer.pool().remove("b0");
            server.send("still here");

            assertEquals("still here", heard.join());
            assertEquals(1, openTo(fleet, 0));
            socket.close(1000, null);
            server.close(1000, null);
            Await.until("the connection is closed", () -> openTo(fleet, 0) == 0);
        }
    }

    @Test
    @DisplayName("1. R18: an interceptor that nobody uses any more is let go, though its pool lives on and changes")
    void nothingKeepsAnInterceptorThatNobodyUses() throws IOException {
        try (Fleet fleet = secureFleet(1)) {
            WeakReference<LoadBalancingInterceptor> interceptor = new WeakReference<>(fleet.interceptor());

            fleet.balancer.pool().drain("b0", Duration.ofMinutes(1));

            Await.until("it is gone", () -> {
                System.gc();
                return interceptor.get() == null;
            });
            fleet.balancer.pool().resume("b0");
            assertEquals(0, fleet.balancer.pool().faults().count());
        }
    }

    private static Fleet secureFleet(int size) throws IOException {
        return Fleet.overTls(size, CERTIFICATES.server());
    }

    private OkHttpClient client(Fleet fleet, Protocol protocol) {
        List<Protocol> protocols =
                protocol == Protocol.HTTP_2 ? List.of(protocol, Protocol.HTTP_1_1) : List.of(protocol);
        return LoadBalancingInterceptor.builder()
                .route("https://orders", fleet.balancer)
                .build()
                .install(CERTIFICATES.client().socketFactory(sockets).protocols(protocols))
                .build();
    }

    private long openTo(Fleet fleet, int server) {
        return sockets.openTo(fleet.servers.get(server));
    }

    private static CompletableFuture<String> callLater(OkHttpClient client, String path) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Fleet.body(client.newCall(Fleet.get("https://orders" + path)));
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static String call(OkHttpClient client) throws IOException {
        return Fleet.body(client.newCall(Fleet.get("https://orders/")));
    }
}
