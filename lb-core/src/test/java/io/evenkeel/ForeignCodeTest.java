package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.Await;
import io.evenkeel.testing.Descriptors;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a user plugs in may fail: traffic goes on. */
@Tag("health")
class ForeignCodeTest {
    @Test
    @DisplayName("7 a listener that blocks holds up neither verdicts nor picks")
    void aListenerThatBlocksHoldsUpNobody() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (BackendPool pool =
                BackendPool.builder("test").backends(backends(3)).build()) {
            pool.listen(new LoadBalancerListener() {
                @Override
                public void stateChanged(String name, Backend of, BackendState from, BackendState to, String reason) {
                    blocked.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
            LoadBalancer balancer = LoadBalancer.over(pool).build();

            pool.markDown("b0", "refused");
            blocked.await();
            pool.markDown("b1", "refused");

            assertEquals(Set.of("b2"), pickMany(balancer));
        } finally {
            release.countDown();
        }
    }

    @Test
    @DisplayName("7 a listener that never returns costs dropped events, which are counted, and bounded memory")
    void eventsThatNobodyTakesAreDroppedAndCounted() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (BackendPool pool =
                BackendPool.builder("test").backends(backends(2)).build()) {
            pool.listen(new LoadBalancerListener() {
                @Override
                public void stateChanged(String name, Backend of, BackendState from, BackendState to, String reason) {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });

            for (int i = 0; i < 6_000; i++) {
                pool.markDown("b0", "refused");
                pool.markUp("b0", "answered");
            }

            assertTrue(pool.faults().count() >= 1_900, pool.faults().count() + " dropped of 12,000");
        } finally {
            release.countDown();
        }
    }

    @Test
    @DisplayName("7 a million throwing callbacks lose no change of state")
    void throwingCallbacksLoseNothing() throws Exception {
        try (BackendPool pool =
                BackendPool.builder("test").backends(backends(2)).build()) {
            pool.listen(new LoadBalancerListener() {
                @Override
                public void picked(String name, Backend picked) {
                    throw new AssertionError("on purpose");
                }

                @Override
                public void completed(String name, Backend done, Outcome outcome, long elapsedNanos) {
                    throw new IllegalStateException("on purpose");
                }
            });
            LoadBalancer balancer = LoadBalancer.over(pool)
                    .strategy(snapshot -> context -> {
                        throw new IllegalStateException("on purpose");
                    })
                    .build();

            for (int i = 0; i < 333_334; i++) {
                balancer.pick().report(Outcome.SUCCESS);
            }

            assertEquals(3 * 333_334L, pool.faults().count());
            pool.markDown("b0", "refused");
            assertEquals(Set.of("b1"), pickMany(balancer));
            assertEquals(
                    0,
                    pool.snapshot().members().stream()
                            .mapToLong(m -> m.load().inFlight())
                            .sum());
        }
    }

    @Test
    @DisplayName("5 a member that is down gets no pick while the list is replaced again and again")
    void aListThatIsReplacedDoesNotRevive() throws Exception {
        BackendPool pool = BackendPool.builder("test").backends(backends(3)).build();
        pool.beginProbing();
        LoadBalancer balancer = LoadBalancer.over(pool).build();
        for (int i = 0; i < 3; i++) {
            pool.markUp("b" + i, "answered");
        }
        pool.markDown("b1", "refused");

        for (int i = 0; i < 1_000; i++) {
            pool.replace(backends(3));
            assertEquals(Set.of("b0", "b2"), pickMany(balancer));
        }
        pool.close();
    }

    @Test
    @DisplayName("5 a million members that come and go leave nothing behind")
    void membersThatComeAndGoLeaveNothingBehind() throws Exception {
        BackendPool pool = BackendPool.builder("test").backends(backends(1)).build();
        LoadBalancer balancer = LoadBalancer.over(pool).build();
        int threads = Thread.activeCount();
        long before = usedAfterCollection();
        long descriptors = Descriptors.open();

        for (int i = 1; i <= 1_000_000; i++) {
            pool.add(backend(i % 60_000 + 1));
            balancer.pick().report(Outcome.SUCCESS);
            pool.remove("b" + (i % 60_000 + 1));
        }

        assertEquals(1, pool.snapshot().members().size());
        // What is left may be garbage of the test itself, but not 100 bytes for each member that was there.
        Await.until("the heap is as before", () -> usedAfterCollection() - before < 20_000_000);
        assertTrue(Thread.activeCount() <= threads + 1, "threads");
        // A class that was loaded meanwhile may have opened its archive.
        assertTrue(Descriptors.open() <= descriptors + 3, Descriptors.open() + " descriptors, before " + descriptors);
        pool.close();
    }

    private static long usedAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static Set<String> pickMany(LoadBalancer balancer) throws NoBackendException {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            try (Pick pick = balancer.pick()) {
                ids.add(pick.backend().id());
            }
        }
        return ids;
    }
}
