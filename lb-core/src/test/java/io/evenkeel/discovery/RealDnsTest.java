package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import io.evenkeel.testing.Bind;
import io.evenkeel.testing.Dnsmasq;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that others have written, on real sockets. */
@Tag("membership")
class RealDnsTest {
    @TempDir
    private Path folder;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final BackendPool pool =
            BackendPool.builder("dns").scheduler(scheduler).build();
    private Discovery discovery;

    private void start(DnsQuery query, InetSocketAddress server) {
        DnsQuery often = query.withServers(List.of(server))
                .withMinTtl(Duration.ofMillis(100))
                .withMaxTtl(Duration.ofMillis(100));
        discovery = Discovery.start(
                pool,
                List.of(BackendSource.dns(often)),
                DiscoveryPolicy.defaults().withRetry(Duration.ofMillis(100)).withRefresh(Duration.ofMillis(100)),
                scheduler,
                new SplittableRandom(1),
                System::nanoTime);
    }

    @AfterEach
    void close() {
        if (discovery != null) {
            discovery.close();
        }
        pool.close();
        scheduler.shutdownNow();
    }

    private Set<String> ids() {
        return pool.snapshot().members().stream().map(m -> m.backend().id()).collect(Collectors.toSet());
    }

    private void awaitIds(String... ids) {
        Await.until("members are " + List.of(ids), () -> ids().equals(Set.of(ids)));
    }

    private void awaitFailure(String part) {
        Await.until(part, () -> discovery.sources().get(0).reason().contains(part));
    }

    @Test
    @DisplayName("1. members follow the records of BIND 9, and stay when these or the server go")
    void membersFollowTheRecordsOfBind() throws Exception {
        try (Bind bind = Bind.start(folder, "web A 10.0.0.1\nweb A 10.0.0.2\nalias CNAME web\n")) {
            start(DnsQuery.addresses("alias.example", 80), bind.address());
            awaitIds("10.0.0.1:80", "10.0.0.2:80");

            bind.update("add web.example. 0 AAAA 2001:db8::1", "delete web.example. A 10.0.0.1");
            awaitIds("10.0.0.2:80", "[2001:db8::1]:80");
            bind.update("delete web.example.");
            awaitFailure("NXDOMAIN");
            bind.close();
            awaitFailure("from 127.0.0.1 port");

            assertEquals(Set.of("10.0.0.2:80", "[2001:db8::1]:80"), ids());
        }
    }

    @Test
    @DisplayName("1. a thousand addresses come from BIND 9, over TCP")
    void aThousandAddressesFromBind() throws Exception {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            records.append("web A 10.0.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250)
                    .append('\n');
        }
        try (Bind bind = Bind.start(folder, records.toString())) {
            start(DnsQuery.addresses("web.example", 80), bind.address());

            Await.until("all are members", () -> ids().size() == 1_000);
        }
    }

    @Test
    @DisplayName("1. services come from BIND 9 with their addresses")
    void servicesComeFromBind() throws Exception {
        String records = """
                _http._tcp.web SRV 1 10 8080 a
                _http._tcp.web SRV 2 0 8081 b
                a A 10.0.0.1
                b A 10.0.0.2
                """;
        try (Bind bind = Bind.start(folder, records)) {
            start(DnsQuery.srv("_http._tcp.web.example"), bind.address());
            awaitIds("10.0.0.1:8080", "10.0.0.2:8081");

            bind.update("add _http._tcp.web.example. 0 SRV 1 30 8082 a.example.");
            awaitIds("10.0.0.1:8080", "10.0.0.1:8082", "10.0.0.2:8081");

            assertEquals(
                    30,
                    pool.snapshot()
                            .member("10.0.0.1:8082")
                            .orElseThrow()
                            .backend()
                            .weight());
            assertEquals(
                    2,
                    pool.snapshot()
                            .member("10.0.0.2:8081")
                            .orElseThrow()
                            .backend()
                            .priority());
        }
    }

    @Test
    @DisplayName("1. members follow the hosts file of dnsmasq, whose answers live for zero seconds")
    void membersFollowDnsmasq() throws Exception {
        String hosts = "10.0.0.1 web.example\n10.0.0.2 web.example\n";
        try (Dnsmasq dnsmasq = Dnsmasq.start(folder, hosts)) {
            start(DnsQuery.addresses("web.example", 80), dnsmasq.address());
            awaitIds("10.0.0.1:80", "10.0.0.2:80");

            dnsmasq.hosts("10.0.0.2 web.example\n10.0.0.3 web.example\n169.254.169.254 web.example\n");
            awaitIds("10.0.0.2:80", "10.0.0.3:80");
            dnsmasq.hosts("10.0.0.9 other.example\n");
            awaitFailure("NXDOMAIN");
            assertEquals(Set.of("10.0.0.2:80", "10.0.0.3:80"), ids());
            dnsmasq.hosts("10.0.0.2 web.example\n10.0.0.4 web.example\n");

            awaitIds("10.0.0.2:80", "10.0.0.4:80");
        }
    }

    @Test
    @DisplayName("1. services come from dnsmasq, and a server that answers nothing but REFUSED keeps them")
    void servicesComeFromDnsmasq() throws Exception {
        try (Dnsmasq dnsmasq = Dnsmasq.start(
                folder, "10.0.0.1 a.example\n", "--srv-host=_http._tcp.web.example,a.example,8080,3,40")) {
            start(DnsQuery.srv("_http._tcp.web.example"), dnsmasq.address());
            awaitIds("10.0.0.1:8080");

            assertEquals(3, pool.snapshot().members().get(0).backend().priority());
            assertEquals(40, pool.snapshot().members().get(0).backend().weight());
            SourceLog log = new SourceLog();
            BackendSource.dns(DnsQuery.srv("elsewhere.test").withServers(List.of(dnsmasq.address())))
                    .ask(log);
            assertTrue(
                    log.failures().get(0).startsWith("elsewhere.test.: REFUSED"),
                    log.failures().toString());
        }
    }
}
