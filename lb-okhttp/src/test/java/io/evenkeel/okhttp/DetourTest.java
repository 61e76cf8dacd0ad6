package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.SocketFactory;
import mockwebserver3.MockResponse;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class DetourTest {
    private static final Origin ORDERS = Origin.of("http://orders");
    private static final LogicalHosts HOSTS =
            new LogicalHosts(Set.of(ORDERS, Origin.of("http://orders:8080"), Origin.of("https://pay")));

    private static Detour detour(Backend backend) {
        return new Detour(ORDERS, backend, HOSTS, Dns.SYSTEM, SocketFactory.getDefault());
    }

    @Test
    void onlyItsOwnAnswerAtTheLogicalPortIsBent() throws IOException {
        Detour detour = detour(Backend.of("10.0.0.1", 8080));
        InetAddress marker = detour.lookup("orders").get(0);
        InetAddress lookalike = InetAddress.getByAddress("orders", marker.getAddress());

        InetSocketAddress bent = detour.bend(new InetSocketAddress(marker, 80));
        InetSocketAddress straight = detour.bend(new InetSocketAddress(lookalike, 80));

        assertEquals("/10.0.0.1:8080", bent.toString());
        assertEquals("orders/10.0.0.1:80", straight.toString());
    }

    @Test
    void twoWaysAreEqualOnlyIfNothingDiffers() {
        Detour detour = detour(Backend.of("a", "10.0.0.1", 8080));
        Dns other = hostname -> List.of();

        Detour there = detour.over(other, SocketFactory.getDefault());
        Detour back = there.over(Dns.SYSTEM, SocketFactory.getDefault());

        assertEquals(detour, back);
        assertEquals(detour.hashCode(), back.hashCode());
        assertNotEquals(detour, there);
        assertNotEquals(detour, detour.over(Dns.SYSTEM, new PromptSockets()));
        assertNotEquals(detour, detour.renewed());
        assertNotEquals(detour, detour(Backend.of("a", "10.0.0.1", 8080)));
    }

    @Test
    void theSocketTellsWhereItReallyIs() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            Detour detour = detour(fleet.backend(0));
            try (Socket socket = detour.createSocket()) {
                socket.setSoTimeout(1_234);

                socket.connect(new InetSocketAddress(detour.lookup("orders").get(0), 80), 5_000);

                assertTrue(socket.isConnected());
                assertEquals(fleet.servers.get(0).getPort(), socket.getPort());
                assertEquals("127.0.0.1", socket.getInetAddress().getHostAddress());
                assertEquals(1_234, socket.getSoTimeout());
                assertTrue(socket.toString().contains("port=" + socket.getPort()), socket.toString());
            }
        }
    }

    @Test
    void aBackendThatIsANameIsLookedUpAtEachNewConnection() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            Queue<String> lookups = new ConcurrentLinkedQueue<>();
            fleet.balancer
                    .pool()
                    .replace(
                            List.of(Backend.of("node.test", fleet.servers.get(0).getPort())));
            fleet.answering(new MockResponse.Builder()
                    .setHeader("Connection", "close")
                    .body("here")
                    .build());
            OkHttpClient client = fleet.client()
                    .newBuilder()
                    .dns(hostname -> {
                        lookups.add(hostname);
                        return List.of(InetAddress.getLoopbackAddress());
                    })
                    .build();

            assertEquals("here", Fleet.call(client));
            assertEquals("here", Fleet.call(client));

            assertEquals(List.of("node.test", "node.test"), List.copyOf(lookups));
        }
    }

    @Test
    void aBackendWhoseNameIsUnknownIsAFailureLikeOneThatRefuses() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            fleet.balancer.pool().replace(List.of(Backend.of("node.test", 80)));
            OkHttpClient client =
                    fleet.client().newBuilder().dns(hostname -> List.of()).build();

            assertThrows(UnknownHostException.class, () -> Fleet.call(client));

            fleet.assertOutcomes(Outcome.FAILURE);
        }
    }

    @Test
    void aBackendMayHaveAnIpv6Address() throws IOException {
        Detour detour = detour(Backend.of("2001:db8::7", 8080));
        InetAddress marker = detour.lookup("orders").get(0);

        InetSocketAddress bent = detour.bend(new InetSocketAddress(marker, 80));

        assertEquals("orders/2001:db8:0:0:0:0:0:7", marker.toString());
        assertEquals("/[2001:db8:0:0:0:0:0:7]:8080", bent.toString());
    }

    @Test
    void socketsOfTheUsersOwnFactoryAreUsed() throws IOException {
        PromptSockets sockets = new PromptSockets();
        Certificates certificates = Certificates.of("pay.internal");
        try (Fleet fleet = Fleet.overTls(2, certificates.server())) {
            OkHttpClient client = LoadBalancingInterceptor.builder()
                    .route("https://pay.internal", fleet.balancer)
                    .build()
                    .install(certificates.client().socketFactory(sockets))
                    .build();

            for (int i = 0; i < 4; i++) {
                try (Response response =
                        client.newCall(Fleet.get("https://pay.internal/")).execute()) {
                    assertEquals(200, response.code());
                }
            }

            assertEquals(2, sockets.created.get());
        }
    }

    @Test
    void clientsOfDifferentLookUpsShareAnInterceptorButNoConnection() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            OkHttpClient one = fleet.client();
            OkHttpClient other = one.newBuilder().dns(hostname -> List.of()).build();

            for (int i = 0; i < 3; i++) {
                Fleet.call(one);
                Fleet.call(other);
            }

            assertEquals(2, one.connectionPool().connectionCount());
        }
    }
}
