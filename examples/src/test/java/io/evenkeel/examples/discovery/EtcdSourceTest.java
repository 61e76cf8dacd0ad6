package io.evenkeel.examples.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.evenkeel.testing.Await;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd: Debian's, as a process. */
@Tag("membership")
class EtcdSourceTest {
    private static final String PREFIX = "/services/orders/";

    /** One that a busy machine can keep up with. */
    private static final Duration TTL = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private EtcdServer server;
    private EtcdGateway etcd;
    private Traffic traffic;

    @BeforeEach
    void start() throws Exception {
        server = EtcdServer.start(folder);
        etcd = new EtcdGateway(server.access());
        traffic = new Traffic();
    }

    @AfterEach
    void close() throws InterruptedException {
        if (traffic != null) {
            traffic.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private void follow(URI... endpoints) {
        traffic.follow(new EtcdSource(EtcdAccess.of(List.of(endpoints)), PREFIX));
    }

    private URI endpoint() {
        return server.access().endpoints().get(0);
    }

    private EtcdRegistration register(int vm) {
        return register(vm, Traits.NONE);
    }

    private EtcdRegistration register(int vm, Traits traits) {
        return EtcdRegistration.start(server.access(), PREFIX + "vm" + vm, "127.0.0.1", traffic.port(vm), traits, TTL);
    }

    private void put(String id, String value) throws Exception {
        etcd.put(PREFIX + id, value, etcd.grant(Duration.ofMinutes(5)));
    }

    private void put(int vm) throws Exception {
        put("vm" + vm, EtcdValue.write("127.0.0.1", traffic.port(vm), Traits.NONE));
    }

    /** Makes etcd forget all revisions before now. */
    private void compact() throws Exception {
        long now = etcd.range(PREFIX).revision();
        etcd.call("/v3/kv/compaction", JsonNodeFactory.instance.objectNode().put("revision", now));
    }

    @Test
    @DisplayName(
            "2. members come from etcd with weight, zone and labels, and leave when they say so or their lease is over")
    void membersComeAndLeave() throws Exception {
        follow(endpoint());
        Traits traits = new Traits(50, "west", Map.of("role", "canary"));
        try (EtcdRegistration one = register(1)) {
            EtcdRegistration two = register(2, traits);
            long lease = etcd.grant(TTL); // that nobody keeps alive: its server was killed
            etcd.put(PREFIX + "vm3", EtcdValue.write("127.0.0.1", traffic.port(3), Traits.NONE), lease);

            traffic.awaitMembers("vm1", "vm2", "vm3");
            assertEquals(traits.of(traffic.backend("vm2")), traffic.backend("vm2"));
            traffic.awaitMembers("vm1", "vm2");
            two.close();
            traffic.awaitMembers("vm1");
        }
    }

    @Test
    @DisplayName("2. a value of etcd that cannot be read is left out, and one of weight 0 is drained")
    void whatCannotBeReadIsLeftOut() throws Exception {
        follow(endpoint());
        put(1);
        traffic.awaitMembers("vm1");
        traffic.begin();

        put("bad1", "no JSON");
        put("bad2", "{\"port\": 80}");
        put("bad3", "{\"host\": \"10.0.0.1\", \"port\": 80, \"weight\": -1}");
        put(2);
        traffic.awaitMembers("vm1", "vm2");
        put("vm1", EtcdValue.write("127.0.0.1", traffic.port(1), Traits.NONE.withWeight(0)));

        Await.until("it is drained", () -> traffic.backend("vm1").weight() == 0);
        traffic.assertGoesOn();
    }

    @Test
    @DisplayName("2. no call fails while etcd is killed, and after its return members are what is registered")
    void noCallFailsWhileEtcdIsKilled() throws Exception {
        follow(endpoint());
        EtcdRegistration leaving = register(0);
        try (EtcdRegistration one = register(1);
                EtcdRegistration two = register(2)) {
            traffic.awaitMembers("vm0", "vm1", "vm2");
            traffic.begin();

            server.kill();
            traffic.awaitFailure();
            leaving.close();
            try (EtcdRegistration coming = register(3)) {
                traffic.assertGoesOn();
                assertEquals(3, traffic.ids().size());
                server.start();
                long back = System.nanoTime();

                traffic.awaitReconciled(back, "vm3", "vm1", "vm2");
                traffic.assertGoesOn();
                assertEquals(0, traffic.status().failures());
            }
        }
    }

    @Test
    @DisplayName("2. a compaction of etcd before the watch has begun leads to a new list")
    void aCompactionLeadsToANewList() throws Exception {
        try (LateGateway late = new LateGateway(endpoint())) {
            put(0);
            put(1);
            late.beforeFirst("/v3/watch", () -> {
                put(2);
                put("vm0", EtcdValue.write("127.0.0.1", traffic.port(3), Traits.NONE));
                compact();
            });

            follow(late.uri());

            traffic.awaitMembers("vm0", "vm1", "vm2");

            Await.until(
                    "the new list is there",
                    () -> traffic.backend("vm0").address().getPort() == traffic.port(3));
        }
    }

    @Test
    @DisplayName("2. a compaction of etcd is nothing to a watch that goes on")
    void aCompactionIsNothingToARunningWatch() throws Exception {
        follow(endpoint());
        put(0);
        put(1);
        traffic.awaitMembers("vm0", "vm1");
        traffic.begin();

        compact();
        put(2);

        traffic.awaitMembers("vm0", "vm1", "vm2");
        traffic.assertGoesOn();
    }

    @Test
    @DisplayName("2. an endpoint of etcd that is gone leads to the next one")
    void aDeadEndpointLeadsToTheNext() throws Exception {
        follow(URI.create("http://127.0.0.1:" + Server.freePort()), endpoint());

        put(1);

        traffic.awaitMembers("vm1");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        String prefix = assertThrows(IllegalArgumentException.class, () -> new EtcdSource(server.access(), ""))
                .getMessage();
        String none = assertThrows(IllegalArgumentException.class, () -> EtcdAccess.of(List.of()))
                .getMessage();

        assertEquals("prefix: \"\" (expected: not empty)", prefix);
        assertTrue(none.startsWith("endpoints: []"), none);
    }
}
