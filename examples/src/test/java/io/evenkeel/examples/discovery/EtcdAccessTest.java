package io.evenkeel.examples.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd that has a certificate, and asks who somebody is. */
@Tag("membership")
class EtcdAccessTest {
    private static final String PREFIX = "/services/orders/";
    private static final String PASSWORD = "open-sesame";
    private static final Duration TTL = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private EtcdServer server;
    private EtcdAccess watcher;
    private EtcdAccess writer;
    private Traffic traffic;

    @BeforeEach
    void start() throws Exception {
        server = EtcdServer.startWithTls(folder);
        traffic = new Traffic();
        watcher = server.access().withUser("watcher", PASSWORD);
        writer = server.access().withUser("writer", PASSWORD);
        EtcdGateway etcd = new EtcdGateway(server.access());
        role(etcd, "root");
        user(etcd, "root", "root");
        user(etcd, "watcher", permitted(etcd, "READ"));
        user(etcd, "writer", permitted(etcd, "READWRITE"));
        etcd.call("/v3/auth/enable", object());
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

    private static void role(EtcdGateway etcd, String name) throws Exception {
        etcd.call("/v3/auth/role/add", object().put("name", name));
    }

    private static String permitted(EtcdGateway etcd, String type) throws Exception {
        role(etcd, type);
        ObjectNode keys = object().put("permType", type)
                .put("key", bytes(PREFIX))
                .put("range_end", bytes(PREFIX.replaceFirst("/$", "0"))); // 0 comes after /
        etcd.call("/v3/auth/role/grant", object().put("name", type).set("perm", keys));
        return type;
    }

    private static void user(EtcdGateway etcd, String name, String role) throws Exception {
        etcd.call("/v3/auth/user/add", object().put("name", name).put("password", PASSWORD));
        etcd.call("/v3/auth/user/grant", object().put("user", name).put("role", role));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String bytes(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private EtcdRegistration register(int vm) {
        return EtcdRegistration.start(writer, PREFIX + "vm" + vm, "127.0.0.1", traffic.port(vm), Traits.NONE, TTL);
    }

    @Test
    @DisplayName("2. over TLS and with a password members come from etcd, also after a restart that voids all tokens")
    void membersComeWithAPassword() throws Exception {
        traffic.follow(new EtcdSource(watcher, PREFIX));
        try (EtcdRegistration one = register(1)) {
            traffic.awaitMembers("vm1");
            traffic.begin();

            server.kill();
            traffic.awaitFailure();
            server.start();
            try (EtcdRegistration two = register(2)) {
                traffic.awaitMembers("vm1", "vm2");
                traffic.assertGoesOn();
            }
            traffic.awaitMembers("vm1");
        }
    }

    @Test
    @DisplayName("2. a server that may not write its key yet is found once it may")
    void aServerThatMayNotWriteYetIsFoundOnceItMay() throws Exception {
        EtcdGateway root = new EtcdGateway(server.access().withUser("root", PASSWORD));
        traffic.follow(new EtcdSource(watcher, PREFIX));
        try (EtcdRegistration one =
                EtcdRegistration.start(watcher, PREFIX + "vm1", "127.0.0.1", traffic.port(1), Traits.NONE, TTL)) {
            Await.until("it has tried twice", () -> leases(root) > 1);

            root.call("/v3/auth/user/grant", object().put("user", "watcher").put("role", "READWRITE"));

            traffic.awaitMembers("vm1");
        }
    }

    private static int leases(EtcdGateway etcd) {
        try {
            return etcd.call("/v3/lease/leases", object()).path("leases").size();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("2. a change of users and roles of etcd, which makes tokens old, is nothing to a source")
    void aChangeOfRolesIsNothing() throws Exception {
        EtcdGateway etcd = new EtcdGateway(writer);
        etcd.put(PREFIX + "vm1", "before", 0);

        role(new EtcdGateway(server.access().withUser("root", PASSWORD)), "another");
        etcd.put(PREFIX + "vm1", "after", 0);

        assertEquals("after", etcd.range(PREFIX).values().get(PREFIX + "vm1"));
    }

    @Test
    @DisplayName(
            "2. without a user, with a wrong password or without the right, etcd says no, and no text has a password")
    void whoMayNotIsTold() throws Exception {
        assertRefused("user name is empty", server.access());
        assertRefused("authentication failed", server.access().withUser("watcher", "wrong-" + PASSWORD));
        IOException mayNot =
                assertThrows(IOException.class, () -> new EtcdGateway(watcher).put(PREFIX + "vm1", "value", 0));
        assertTrue(mayNot.getMessage().contains("permission denied"), mayNot.getMessage());

        traffic.follow(new EtcdSource(server.access().withUser("watcher", "wrong-" + PASSWORD), PREFIX));

        Await.until("it says why", () -> traffic.status().reason().contains("authentication failed"));
        assertFalse(traffic.status().reason().contains(PASSWORD));
        assertFalse(watcher.toString().contains(PASSWORD));
    }

    @Test
    @DisplayName("2. an etcd whose certificate nobody vouches for is not told the password")
    void anUnknownCertificateIsRefused() {
        assertRefused("SSLHandshakeException", new EtcdAccess(watcher.endpoints(), null, watcher.user()));
    }

    private static void assertRefused(String reason, EtcdAccess access) {
        EtcdGateway etcd = new EtcdGateway(access);
        IOException refusal = assertThrows(IOException.class, () -> etcd.range(PREFIX));
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertFalse(refusal.getMessage().contains(PASSWORD), refusal.getMessage());
    }
}
