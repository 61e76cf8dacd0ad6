package io.evenkeel.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Nginx;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes against a server that others have written. */
@Tag("health")
class NginxProbeTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName("4 nginx that allows only the probe's source address lets that probe pass and no other")
    void onlyTheAllowedSourceAddressPasses() throws Exception {
        Files.writeString(folder.resolve("health"), "well");
        try (Nginx nginx = Nginx.start(folder, "127.0.0.41", "location /health { allow 127.0.0.168; deny all; }")) {
            HttpProbe probe = HealthProbe.http("/health");

            assertEquals(
                    ProbeResult.good("status 200"), ask(nginx, probe.withSource(InetAddress.getByName("127.0.0.168"))));
            assertEquals(ProbeResult.bad("status 403"), ask(nginx, probe));
        }
    }

    @Test
    @DisplayName("4 nginx asked by ip:port answers from its default server")
    void theHostHeaderNamesNoVirtualHost() throws Exception {
        Files.writeString(folder.resolve("health"), "well");
        try (Nginx nginx = Nginx.start(folder, "127.0.0.41", "if ($host != 127.0.0.41) { return 421; }")) {
            HttpProbe probe = HealthProbe.http("/health");

            assertEquals(ProbeResult.good("status 200"), ask(nginx, probe));
            assertEquals(ProbeResult.bad("status 421"), ask(nginx, probe.withHost("orders.example")));
        }
    }

    private static ProbeResult ask(Nginx nginx, HealthProbe probe) throws Exception {
        try (ProbeSockets sockets = new ProbeSockets("test")) {
            Backend backend = Backend.of("127.0.0.41", nginx.address().getPort());
            return probe.check(new ProbeTarget(backend, nginx.address(), sockets))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
    }
}
