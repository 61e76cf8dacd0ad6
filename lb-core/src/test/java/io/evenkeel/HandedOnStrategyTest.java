package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.LoadMetric;
import io.evenkeel.strategy.SelectionStrategy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** As a rule of a forwarder does that is changed but for its strategy: for a moment there are two balancers over one pool. */
@Tag("strategy")
class HandedOnStrategyTest {
    private static final int CHANGES = 2_000;

    static Stream<SelectionStrategy> strategies() {
        return Stream.of(
                SelectionStrategy.roundRobin(),
                SelectionStrategy.leastLoaded(2, LoadMetric.inFlight()),
                SelectionStrategy.leastLoaded(2, LoadMetric.peakEwma(Duration.ofSeconds(10))),
                SelectionStrategy.adaptive(),
                SelectionStrategy.pinned());
    }

    @ParameterizedTest
    @MethodSource("strategies")
    @DisplayName("2. a strategy that two balancers have for a while is asked by one at a time, however members change")
    void isAskedByOneAtATime(SelectionStrategy strategy) throws Exception {
        BackendPool pool = BackendPool.of("web", backend(0), backend(1), backend(2));
        try (LoadBalancer before = LoadBalancer.over(pool).strategy(strategy).build();
                LoadBalancer after = LoadBalancer.over(pool).strategy(strategy).build()) {

            CompletableFuture<Void> odd = CompletableFuture.runAsync(() -> change(pool, 11));
            change(pool, 12);
            odd.join();

            assertEquals(0, pool.faults().count());
            for (LoadBalancer balancer : new LoadBalancer[] {before, after}) {
                Pick pick = balancer.pick();
                assertEquals(
                        pick.member().backend(),
                        pool.snapshot()
                                .member(pick.backend().id())
                                .orElseThrow()
                                .backend());
                pick.report(Outcome.SUCCESS);
            }
        } finally {
            pool.close();
        }
    }

    private static void change(BackendPool pool, int first) {
        for (int i = 0; i < CHANGES; i++) {
            pool.add(backend(first), backend(first + 10));
            pool.remove(backend(first).id());
            pool.remove(backend(first + 10).id());
        }
    }
}
