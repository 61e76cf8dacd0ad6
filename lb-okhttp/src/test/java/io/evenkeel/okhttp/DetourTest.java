package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("okhttp")
class DetourTest {
    private static final Origin ORDERS = Origin.of("http://orders");
    private static final LogicalHosts HOSTS = new LogicalHosts(
            Set.of(ORDERS, Origin.of("http://orders:8080"), Origin.of("https://pay"), Origin.of("http://stock")));

    private static Detour detour(Backend backend) {
        return new Detour(ORDERS, backend, HOSTS, Dns.SYSTEM, SocketFactory.getDefault());
    }

    @Test
    @DisplayName("1. R3: only its own answer at the logical port is bent")
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
    void whoCannotBeReachedIsNamedWithThePortThatWasTried() throws IOException {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
        Detour detour = detour(Backend.of("vm1", "127.0.0.1", nobody));
        InetSocketAddress wanted = new InetSocketAddress(detour.lookup("orders").get(0), 80);

        try (Socket socket = detour.createSocket()) {
            ConnectException thrown = assertThrows(ConnectException.class, () -> socket.connect(wanted, 10_000));

            assertEquals(
                    "http://orders:80 by way of vm1 at /127.0.0.1:" + nobody + ": "
                            + thrown.getCause().getMessage(),
                    thrown.getMessage());
        }
    }

    @Test
    @DisplayName("1. R3: the hosts of other routes have addresses of their own, where no socket goes")
    void theHostsOfOtherRoutesHaveAddressesOfTheirOwn() throws IOException {
        Detour detour = detour(Backend.of("10.0.0.1", 8080));
        InetAddress orders = detour.lookup("orders").get(0);
        InetAddress pay = detour.lookup("pay").get(0);

        assertThrows(Crossing.class, () -> detour.bend(new InetSocketAddress(pay, 443)));
        assertThrows(Crossing.class, () -> detour.bend(new InetSocketAddress(orders, 8080)));
        assertNotEquals(pay, detour.lookup("stock").get(0));
        assertNotEquals(pay, HOSTS.markerOf("orders"));
    }

    @Test
    @DisplayName("1. R3: an address that somebody else found is not asked for its name")
    void aForeignAddressIsNotLookedUp() throws IOException {
        InetAddress nameless = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        InetSocketAddress wanted = new InetSocketAddress(nameless, 80);

        InetSocketAddress bent = detour(Backend.of("10.0.0.1", 8080)).bend(wanted);

        assertEquals(wanted, bent);
        assertEquals("/127.0.0.1", nameless.toString(), "an address remembers the name that it was asked for");
    }

    @Test
    @DisplayName("1. R2: two ways are equal only if nothing differs")
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
    @DisplayName("1. R3: the socket tells where it really is")
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
    @DisplayName("1. R3: a backend that is a name is looked up by the client at each new connection")
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
    @DisplayName("1. R10: a backend whose name is unknown is a failure like one that refuses")
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
    @DisplayName("1. R3: a backend may have an IPv6 address")
    void aBackendMayHaveAnIpv6Address() throws IOException {
        Detour detour = detour(Backend.of("2001:db8::7", 8080));
        InetAddress marker = detour.lookup("orders").get(0);

        InetSocketAddress bent = detour.bend(new InetSocketAddress(marker, 80));

        assertEquals("orders/2001:db8:0:0:0:0:0:7", marker.toString());
        assertEquals("/[2001:db8:0:0:0:0:0:7]:8080", bent.toString());
    }

    @Test
    @DisplayName("1. R3: sockets of the user's own factory are used")
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
    @DisplayName("1. R2: clients of different look-ups share an interceptor but no connection")
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
