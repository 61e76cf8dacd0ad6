package io.evenkeel.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.availability.MaintenanceProgress;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.netty.Forwarder;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import okhttp3.Call;
import okhttp3.CookieJar;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Two runs on one machine must not want the same ports of the same address. */
    private static final String IP = "127.77." + (ProcessHandle.current().pid() >> 8 & 0xFF) + "."
            + (1 + ProcessHandle.current().pid() % 254);

    @Test
    void aSessionMeetsTheBackendThatAnsweredItFirst() throws Exception {
        try (HelloServer one = HelloServer.start("one");
                HelloServer two = HelloServer.start("two");
                LoadBalancer orders = Recipes.balancer(List.of(one.backend(), two.backend()))) {
            assertTrue(orders.awaitReady(2, LIMIT));
            Call.Factory client = Recipes.client(orders, CookieJar.NO_COOKIES);

            String first = get(client);

            for (int i = 0; i < 20; i++) {
                assertEquals(first, get(client));
            }
            orders.pool().close();
        }
    }

    private static String get(Call.Factory client) throws IOException {
        Request request = new Request.Builder()
                .url("http://orders/items")
                .header("Cookie", "session=1")
                .build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    @Test
    void aTlsClientReachesThePoolOfTheNameItAsksForAndIsNamedToIt() throws Exception {
        try (ServerSocket server = listen(0);
                LoadBalancer web = LoadBalancer.builder("web").build();
                LoadBalancer shop = LoadBalancer.builder("shop")
                        .backends(Backend.of(IP, server.getLocalPort()))
                        .build();
                LoadBalancer names = LoadBalancer.builder("names").build();
                Forwarder forwarder = Recipes.forwarder(IP, web, shop, names);
                SSLSocket client =
                        (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket()) {
            SSLParameters parameters = client.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("shop.example.org")));
            client.setSSLParameters(parameters);
            client.connect(forwarder.boundAddress("https"), 10_000);
            CompletableFuture.runAsync(() -> {
                try {
                    client.startHandshake();
                } catch (IOException expected) {
                    // The server speaks no TLS: what counts is what it is told.
                }
            });

            try (Socket served = server.accept()) {
                byte[] start = served.getInputStream().readNBytes(12);

                assertEquals("\r\n\r\n\0\r\nQUIT\n", new String(start, US_ASCII)); // how version 2 begins
            }
        }
    }

    @Test
    void aQuestionByUdpIsAnsweredAndTheDesktopOfAMachineHasAPortOfItsOwn() throws Exception {
        try (ServerSocket desktop = listen(3389);
                DatagramSocket server = new DatagramSocket(new InetSocketAddress(IP, 0));
                LoadBalancer web = LoadBalancer.builder("web")
                        .backends(Backend.of("vm1", IP, 80))
                        .build();
                LoadBalancer shop = LoadBalancer.builder("shop").build();
                LoadBalancer names = LoadBalancer.builder("names")
                        .backends(Backend.of(IP, server.getLocalPort()))
                        .build();
                Forwarder forwarder = Recipes.forwarder(IP, web, shop, names);
                DatagramSocket asking = new DatagramSocket(new InetSocketAddress(IP, 0));
                Socket visitor = new Socket()) {
            asking.setSoTimeout((int) LIMIT.toMillis());
            DatagramPacket question = new DatagramPacket(new byte[] {7}, 1, forwarder.boundAddress("dns"));
            DatagramPacket packet = new DatagramPacket(new byte[9], 9);
            visitor.connect(forwarder.boundAddress("desktop1"), 10_000);

            asking.send(question);
            server.receive(packet);
            server.send(packet);
            asking.receive(packet);
            desktop.accept().close();

            assertEquals(forwarder.boundAddress("dns"), packet.getSocketAddress());
            assertEquals(7, packet.getData()[0]);
            assertEquals(-1, visitor.getInputStream().read());
        }
    }

    @Test
    void aFileSaysWhoIsThere(@TempDir Path folder) throws Exception {
        try (HelloServer one = HelloServer.start("one");
                LoadBalancer orders = Recipes.byFile(Files.writeString(
                        folder.resolve("backends"), one.backend().id() + " id=one weight=50\n"))) {
            assertTrue(orders.awaitReady(LIMIT));

            assertEquals(
                    one.backend().address(),
                    orders.pool()
                            .snapshot()
                            .member("one")
                            .orElseThrow()
                            .backend()
                            .address());
        }
    }

    @Test
    void everyMemberIsRestartedOnce() {
        ConcurrentLinkedQueue<String> restarted = new ConcurrentLinkedQueue<>();
        try (BackendPool pool = BackendPool.of("web", Backend.of("vm1", IP, 80), Backend.of("vm2", IP, 81))) {

            MaintenanceProgress end = Recipes.restart(pool, backend -> restarted.add(backend.id()));

            assertEquals(MaintenanceProgress.State.DONE, end.state());
            assertEquals(List.of("vm1", "vm2"), List.copyOf(restarted));
        }
    }

    @Test
    void aProbeOfOnesOwnSaysWhoMayBePicked() throws Exception {
        try (ServerSocket server = listen(0);
                LoadBalancer cache = LoadBalancer.builder("cache")
                        .backends(Backend.of("up", IP, server.getLocalPort()), Backend.of("down", IP, 1))
                        .probe(Recipes.probe())
                        .strategy(Recipes.strategy())
                        .listener(Recipes.listener())
                        .build()) {
            try (Socket probing = server.accept()) {
                assertEquals("PING\r\n", new String(probing.getInputStream().readNBytes(6), US_ASCII));
                probing.getOutputStream().write("+PONG\r\n".getBytes(US_ASCII));
                Await.until("the probe was answered", LIMIT, () -> stateOf(cache, "up") == BackendState.UP);
            }

            try (Pick pick = cache.pick()) {
                assertEquals("up", pick.backend().id());
            }
        }
    }

    private static BackendState stateOf(LoadBalancer balancer, String id) {
        return balancer.pool().snapshot().member(id).orElseThrow().state();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket server = new ServerSocket(port, 50, InetAddress.getByName(IP));
        server.setSoTimeout((int) LIMIT.toMillis());
        return server;
    }
}
