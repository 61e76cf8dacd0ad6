package io.evenkeel.examples.discovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryForever;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real ZooKeepers: Curator's within this process, and Debian's as a process that is killed. */
@Tag("membership")
class ZooKeeperSourceTest {
    private static final Path JAR = Path.of("/usr/share/java/zookeeper.jar");
    private static final String BASE = "/services";
    private static final Duration SESSION = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Traffic traffic;

    /** A server that registers itself, with a session of its own. */
    private final class Vm implements AutoCloseable {
        private final CuratorFramework client;
        private final ServiceDiscovery<Traits> discovery;
        private final ServiceInstance<Traits> instance;

        Vm(String zookeeper, int number, Traits traits) throws Exception {
            client = connect(zookeeper);
            client.blockUntilConnected(); // else Curator registers, takes that back and registers again
            instance = ServiceInstance.<Traits>builder()
                    .name("orders")
                    .address("127.0.0.1")
                    .port(traffic.port(number))
                    .payload(traits)
                    .build();
            discovery = ZooKeeperSource.discovery(client, BASE);
            discovery.start();
            discovery.registerService(instance);
        }

        void disable() throws Exception {
            discovery.updateService(ServiceInstance.<Traits>builder()
                    .name("orders")
                    .id(instance.getId())
                    .address(instance.getAddress())
                    .port(instance.getPort())
                    .payload(instance.getPayload())
                    .enabled(false)
                    .build());
        }

        void leave() throws Exception {
            discovery.unregisterService(instance);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        traffic = new Traffic();
    }

    @AfterEach
    void close() throws Exception {
        traffic.close();
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    private CuratorFramework connect(String zookeeper) {
        CuratorFramework client = open(CuratorFrameworkFactory.builder()
                .connectString(zookeeper)
                .sessionTimeoutMs((int) SESSION.toMillis())
                .connectionTimeoutMs((int) SESSION.toMillis())
                .retryPolicy(new RetryForever(200))
                .build());
        client.start();
        return client;
    }

    private Vm register(String zookeeper, int number) throws Exception {
        return new Vm(zookeeper, number, Traits.NONE);
    }

    /** Curator's, on loopback alone. */
    private TestingServer startInside() throws Exception {
        Map<String, Object> more = Map.of("clientPortAddress", "127.0.0.1");
        return open(new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, -1, -1, more), true));
    }

    /** Debian's, in a process of its own. */
    private Server startServer(int port) throws Exception {
        assumeTrue(Files.exists(JAR), "zookeeper is not installed; .ci/install-servers does it");
        Path settings = Files.writeString(
                folder.resolve("zoo.cfg"),
                String.join(
                        "\n",
                        "tickTime=500",
                        "dataDir=" + folder.resolve("data"),
                        "clientPortAddress=127.0.0.1",
                        "clientPort=" + port,
                        "admin.enableServer=false",
                        ""));
        return open(new Server(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dzookeeper.forceSync=no",
                        "-cp",
                        JAR.toString(),
                        "org.apache.zookeeper.server.ZooKeeperServerMain",
                        settings.toString()),
                () -> answers(port),
                folder.resolve("zookeeper.log")));
    }

    private static boolean answers(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("srvr".getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII).contains("Mode: standalone");
        }
    }

    @Test
    @DisplayName("2. members come from ZooKeeper with weight, zone and labels, are drained, and leave by themselves")
    void membersComeAndLeave() throws Exception {
        TestingServer server = startInside();
        Traits traits = new Traits(50, "west", Map.of("role", "canary"));
        traffic.follow(new ZooKeeperSource(connect(server.getConnectString()), BASE, "orders"));
        register(server.getConnectString(), 0);
        Vm one = new Vm(server.getConnectString(), 1, traits);
        Vm two = register(server.getConnectString(), 2);

        traffic.awaitMembers(traffic.id(0), traffic.id(1), traffic.id(2));
        assertEquals(traits.of(traffic.backend(traffic.id(1))), traffic.backend(traffic.id(1)));
        one.disable();
        Await.until("it is drained", () -> traffic.backend(traffic.id(1)).weight() == 0);
        one.leave();
        traffic.awaitMembers(traffic.id(0), traffic.id(2));
        two.close();
        traffic.awaitMembers(traffic.id(0));
    }

    @Test
    @DisplayName(
            "2. of two nodes of ZooKeeper with one address the newer one counts, and one without a port is left out")
    void theNewerOfTwoCounts() throws Exception {
        TestingServer server = startInside();
        new Vm(server.getConnectString(), 0, Traits.NONE.withWeight(30));
        Vm newer = new Vm(server.getConnectString(), 0, Traits.NONE.withWeight(70));
        newer.discovery.registerService(ServiceInstance.<Traits>builder()
                .name("orders")
                .address("127.0.0.1")
                .build());

        traffic.follow(new ZooKeeperSource(connect(server.getConnectString()), BASE, "orders"));

        traffic.awaitMembers(traffic.id(0));
        assertEquals(70, traffic.backend(traffic.id(0)).weight());
    }

    @Test
    @DisplayName("2. no call fails when the session with ZooKeeper is over, and members are what is registered then")
    void noCallFailsWhenTheSessionIsOver() throws Exception {
        TestingServer server = startInside();
        CuratorFramework client = connect(server.getConnectString());
        CountDownLatch isLost = new CountDownLatch(1);
        client.getConnectionStateListenable().addListener((c, state) -> {
            if (state == ConnectionState.LOST) {
                isLost.countDown();
            }
        });
        traffic.follow(new ZooKeeperSource(client, BASE, "orders"));
        Vm leaving = register(server.getConnectString(), 0);
        register(server.getConnectString(), 1);
        traffic.awaitMembers(traffic.id(0), traffic.id(1));
        traffic.begin();

        client.getZookeeperClient().getZooKeeper().getTestable().injectSessionExpiration();
        assertEquals(true, isLost.await(30, TimeUnit.SECONDS));
        leaving.leave();
        register(server.getConnectString(), 2);

        traffic.awaitMembers(traffic.id(1), traffic.id(2));
        traffic.assertGoesOn();
    }

    @Test
    @DisplayName("2. no call fails while ZooKeeper is killed, and after its return members are what is registered")
    void noCallFailsWhileZooKeeperIsKilled() throws Exception {
        int port = Server.freePort();
        String zookeeper = "127.0.0.1:" + port;
        Server server = startServer(port);
        CuratorFramework client = connect(zookeeper);
        CountDownLatch isLost = new CountDownLatch(1);
        client.getConnectionStateListenable().addListener((c, state) -> {
            if (state == ConnectionState.LOST) {
                isLost.countDown();
            }
        });
        traffic.follow(new ZooKeeperSource(client, BASE, "orders"));
        Vm leaving = register(zookeeper, 0);
        register(zookeeper, 1);
        register(zookeeper, 2);
        traffic.awaitMembers(traffic.id(0), traffic.id(1), traffic.id(2));
        traffic.begin();

        server.kill();
        traffic.awaitFailure();
        leaving.close();
        assertEquals(true, isLost.await(30, TimeUnit.SECONDS), "the session is over, too");
        traffic.assertGoesOn();
        assertEquals(3, traffic.ids().size());
        server.start();
        long back = System.nanoTime();
        register(zookeeper, 3);

        traffic.awaitReconciled(back, traffic.id(3), traffic.id(1), traffic.id(2));
        traffic.assertGoesOn();
        assertEquals(0, traffic.status().failures());
    }
}
