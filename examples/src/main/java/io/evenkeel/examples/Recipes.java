package io.evenkeel.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.evenkeel.LoadBalancer;
import io.evenkeel.availability.MaintenancePolicy;
import io.evenkeel.availability.MaintenanceProgress;
import io.evenkeel.availability.RollingMaintenance;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.DiscoveryPolicy;
import io.evenkeel.discovery.DnsQuery;
import io.evenkeel.discovery.Subset;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeResult;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.netty.Forwarder;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.ProxyProtocol;
import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.netty.rule.SecurityRule;
import io.evenkeel.netty.rule.ServerNames;
import io.evenkeel.netty.rule.UdpOptions;
import io.evenkeel.okhttp.CallPolicy;
import io.evenkeel.okhttp.FailoverPolicy;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import io.evenkeel.okhttp.RequestKey;
import io.evenkeel.outlier.OutlierPolicy;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.SlowStart;
import io.evenkeel.strategy.SelectionStrategy;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import okhttp3.Call;
import okhttp3.CookieJar;
import okhttp3.OkHttpClient;

/** What {@code docs/recipes.md} shows. */
final class Recipes {
    private Recipes() {}

    static LoadBalancer balancer(List<Backend> vms) {
        BackendPool pool = BackendPool.builder("orders")
                .backends(vms)
                .slowStart(SlowStart.over(Duration.ofSeconds(30)))
                .panicThreshold(50)
                .build();
        return LoadBalancer.over(pool)
                .probe(HealthProbe.http("/health"))
                .schedule(ProbeSchedule.defaults().withInterval(Duration.ofSeconds(5)))
                .outliers(OutlierPolicy.defaults())
                .strategy(SelectionStrategy.adaptive())
                .build();
    }

    static Call.Factory client(LoadBalancer orders, CookieJar cookies) {
        LoadBalancingInterceptor balancing = LoadBalancingInterceptor.builder()
                .route("http://orders", orders)
                .failover(FailoverPolicy.defaults().withStatuses(502, 503, 504))
                .sticky(RequestKey.cookie("session"), 10_000)
                .build();
        OkHttpClient client =
                balancing.install(new OkHttpClient.Builder().cookieJar(cookies)).build();
        return balancing.callFactory(client, CallPolicy.defaults().withHedgeAfterP95());
    }

    static Forwarder forwarder(String ip, LoadBalancer web, LoadBalancer shop, LoadBalancer names) throws IOException {
        SecurityGroup office = SecurityGroup.of("office", SecurityRule.allow(100, "office", "127.0.0.0/8"));
        return Forwarder.builder()
                .rules(
                        LoadBalancingRule.of("https", Frontend.tcp(ip, 8443), web.pool())
                                .withServerNames(ServerNames.of(Map.of("shop.example.org", shop.pool())))
                                .withProxyProtocol(ProxyProtocol.V2),
                        LoadBalancingRule.of("dns", Frontend.udp(ip, 5300), names.pool())
                                .withUdp(UdpOptions.defaults().withExpectedResponses(1)),
                        InboundNatRule.of(
                                "desktop1",
                                Frontend.tcp(ip, 50_001).withSecurityGroup(office),
                                web.pool(),
                                "vm1",
                                3389))
                .build();
    }

    static LoadBalancer byName() {
        LoadBalancer orders = LoadBalancer.builder("orders")
                .sources(BackendSource.dns(DnsQuery.addresses("orders.internal", 8080)))
                .probe(HealthProbe.http("/health"))
                .build();
        return orders;
    }

    static LoadBalancer byFile(Path file) {
        return LoadBalancer.builder("orders")
                .sources(BackendSource.file(file))
                .discovery(DiscoveryPolicy.defaults().withMaxRemovedRatio(0.5))
                .probe(HealthProbe.http("/health"))
                .build();
    }

    static LoadBalancer bySubset(DnsQuery orders, int ordinal, int replicas) {
        return LoadBalancer.builder("orders")
                .sources(BackendSource.subset(BackendSource.dns(orders), Subset.ofPeer(ordinal, replicas)))
                .build();
    }

    static MaintenanceProgress restart(BackendPool pool, RollingMaintenance.Action restart) {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            MaintenancePolicy policy = MaintenancePolicy.defaults().withMinAvailable(1);
            return RollingMaintenance.start(pool, policy, restart, System.out::println, scheduler)
                    .end()
                    .toCompletableFuture()
                    .join();
        } finally {
            scheduler.shutdown();
        }
    }

    static SelectionStrategy strategy() {
        SelectionStrategy first = snapshot -> context ->
                snapshot.selectable().isEmpty() ? null : snapshot.selectable().get(0);
        return first;
    }

    static HealthProbe probe() {
        return target -> {
            try (Socket socket = new Socket()) {
                socket.connect(target.address(), 1_000);
                socket.setSoTimeout(1_000);
                socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
                String answer = new String(socket.getInputStream().readNBytes(5), US_ASCII);
                return CompletableFuture.completedFuture(
                        answer.equals("+PONG") ? ProbeResult.good(answer) : ProbeResult.bad(answer));
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        };
    }

    static LoadBalancerListener listener() {
        return new LoadBalancerListener() {
            @Override
            public void stateChanged(String pool, Backend backend, BackendState from, BackendState to, String why) {
                System.out.println(pool + ": " + backend + " is " + to + " (" + why + ")");
            }
        };
    }
}
