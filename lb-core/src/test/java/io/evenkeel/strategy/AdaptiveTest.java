package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class AdaptiveTest implements SelectionStrategyContract {
    private final VirtualTime time = new VirtualTime();
    private final Map<String, Integer> picks = new HashMap<>();

    @Override
    public SelectionStrategy strategy() {
        return SelectionStrategy.adaptive(new Random(42));
    }

    private BackendPool pool(int members) {
        return BackendPool.builder("test")
                .backends(backends(members))
                .nanoClock(time::nanoTime)
                .build();
    }

    /** Requests every millisecond, which members answer after as many as they take. */
    private void load(
            LoadBalancer balancer, int requests, ToLongFunction<String> millis, Function<String, Outcome> outcomes)
            throws NoBackendException {
        for (int i = 0; i < requests; i++) {
            Pick pick = balancer.pick();
            String id = pick.backend().id();
            picks.merge(id, 1, Integer::sum);
            Runnable answer = () -> pick.report(outcomes.apply(id));
            time.schedule(answer, millis.applyAsLong(id), TimeUnit.MILLISECONDS);
            time.advance(Duration.ofMillis(1));
        }
    }

    @Test
    void aMemberThatFailsFastGetsNextToNothing() throws NoBackendException {
        try (LoadBalancer balancer =
                LoadBalancer.over(pool(10)).strategy(strategy()).build()) {
            load(
                    balancer,
                    10_000,
                    id -> id.equals("b3") ? 1 : 20,
                    id -> id.equals("b3") ? Outcome.FAILURE : Outcome.SUCCESS);
        }

        // Two failures make it look ten times slower; then it is tried once in some seconds.
        assertTrue(picks.get("b3") < 50, picks.toString());
    }

    @Test
    void aSlowMemberGetsLittleAndIsNotForgotten() throws NoBackendException {
        try (LoadBalancer balancer =
                LoadBalancer.over(pool(10)).strategy(strategy()).build()) {
            load(balancer, 20_000, id -> id.equals("b3") ? 60 : 20, id -> Outcome.SUCCESS);
        }

        assertTrue(picks.get("b3") < 1_000, picks.toString());
        assertTrue(picks.get("b3") >= 5, picks.toString());
    }

    @Test
    void aSlowMemberThatHedgesHideGetsLittle() throws NoBackendException {
        try (LoadBalancer balancer =
                LoadBalancer.over(pool(10)).strategy(strategy()).build()) {
            load(
                    balancer,
                    20_000,
                    id -> id.equals("b3") ? 60 : 20,
                    id -> id.equals("b3") ? Outcome.CANCELLED : Outcome.SUCCESS);
        }

        // As one that answers after 60 ms.
        assertTrue(picks.get("b3") < 1_000, picks.toString());
        assertTrue(picks.get("b3") >= 5, picks.toString());
    }

    @Test
    void equalMembersGetEqualShares() throws NoBackendException {
        try (LoadBalancer balancer =
                LoadBalancer.over(pool(10)).strategy(strategy()).build()) {
            load(balancer, 10_000, id -> 20, id -> Outcome.SUCCESS);
        }

        assertTrue(picks.values().stream().allMatch(n -> n > 800 && n < 1_200), picks.toString());
    }
}
