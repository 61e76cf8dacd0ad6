package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.Subset;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeResult;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.testing.Await;
import io.evenkeel.testing.Pools;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Balancers whose members come from sources. */
@Tag("membership")
class SourcesTest {
    private static Set<String> pickMany(LoadBalancer balancer) throws NoBackendException {
        Set<String> picked = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            try (var pick = balancer.pick()) {
                picked.add(pick.backend().id());
            }
        }
        return picked;
    }

    @Test
    @DisplayName("1. a balancer finds its members by sources, beside those it was given")
    void aBalancerFindsItsMembersBySources() throws Exception {
        try (LoadBalancer balancer = LoadBalancer.builder("web")
                .backends(backend(0))
                .sources(BackendSource.of(backend(1)), observer -> observer.deliver(List.of(backend(2))))
                .build()) {
            assertTrue(balancer.awaitReady(3, Duration.ofSeconds(20)));

            assertEquals(Set.of("b0", "b1", "b2"), pickMany(balancer));
        }
    }

    @Test
    void anOperatorReachesWhatProbesAndWhatAsksTheSources() throws Exception {
        try (LoadBalancer balancer = LoadBalancer.builder("web")
                        .sources(BackendSource.of(backend(1)))
                        .probe(target -> CompletableFuture.completedFuture(ProbeResult.good("fine")))
                        .build();
                LoadBalancer plain = LoadBalancer.over(balancer.pool()).build()) {
            assertTrue(balancer.awaitReady(Duration.ofSeconds(20)));
            ProbeSchedule slower = ProbeSchedule.defaults().withInterval(Duration.ofHours(1));

            balancer.monitor().orElseThrow().update(slower);

            assertEquals(slower, balancer.monitor().orElseThrow().schedule());
            assertEquals(1, balancer.discovery().orElseThrow().sources().size());
            assertTrue(plain.monitor().isEmpty() && plain.discovery().isEmpty());
        }
    }

    @Test
    void onlyASubsetOfALargeFleetIsProbed() throws Exception {
        Backend[] fleet = Pools.backends(1_000).toArray(Backend[]::new);
        Subset subset = Subset.ofPeer(3, 100).withSize(10);
        Set<String> asked = ConcurrentHashMap.newKeySet();
        HealthProbe probe = target -> {
            asked.add(target.backend().id());
            return CompletableFuture.completedFuture(ProbeResult.good("fine"));
        };

        try (LoadBalancer balancer = LoadBalancer.builder("fleet")
                .sources(BackendSource.subset(BackendSource.of(fleet), subset))
                .probe(probe)
                .build()) {
            assertTrue(balancer.awaitReady(10, Duration.ofSeconds(20)));

            assertEquals(10, asked.size());
            assertEquals(asked, pickMany(balancer));
        }
    }

    @Test
    @Tag("health")
    @DisplayName("7. neither building nor picking waits for a source that blocks")
    void nothingWaitsForASourceThatBlocks() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (LoadBalancer balancer = LoadBalancer.builder("blocking")
                .backends(backend(0))
                .sources(observer -> {
                    blocked.countDown();
                    release.await();
                })
                .build()) {
            blocked.await();

            assertEquals(Set.of("b0"), pickMany(balancer));
        } finally {
            release.countDown();
        }
        Await.until(
                "its threads are gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(t -> t.getName().startsWith("evenkeel")
                                && t.getName().endsWith("-blocking")));
    }
}
