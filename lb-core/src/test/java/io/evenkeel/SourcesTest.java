package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.discovery.BackendSource;
import io.evenkeel.testing.Await;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
