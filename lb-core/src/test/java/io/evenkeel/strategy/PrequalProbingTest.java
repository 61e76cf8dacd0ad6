package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The contract once more, with probes that are sent and answered. */
class PrequalProbingTest implements SelectionStrategyContract {
    private static final LoadProbe.Answer BUSY = new LoadProbe.Answer(4, Duration.ofMillis(20));

    @Override
    public SelectionStrategy strategy() {
        return SelectionStrategy.prequal(
                backend -> CompletableFuture.completedFuture(BUSY), PrequalSettings.defaults(), new Random(42));
    }

    @Override
    public Selector bind(BackendPool pool) {
        LoadBalancer balancer = LoadBalancer.over(pool).strategy(strategy()).build();
        return context -> {
            try (Pick pick = balancer.pick(context)) {
                pick.report(Outcome.SUCCESS);
                return pick.member();
            } catch (NoBackendException e) {
                return null;
            }
        };
    }

    /** Its selector picks by itself. */
    @Override
    public void pickOnce(Selector selector, PickContext context) {
        assertNotNull(selector.select(context));
    }

    /** Answers that never change leave nothing to balance; so these tell what is open, of 100 picks at a time. */
    @Test
    @Override
    public void sharesFollowTheWeights() {
        Map<String, Integer> open = new HashMap<>();
        Map<String, Integer> picks = new HashMap<>();
        Queue<Pick> inOrder = new ArrayDeque<>();
        LoadProbe probe = backend -> CompletableFuture.completedFuture(
                new LoadProbe.Answer(open.getOrDefault(backend.id(), 0), Duration.ofMillis(20)));
        SelectionStrategy strategy = SelectionStrategy.prequal(probe, PrequalSettings.defaults(), new Random(42));
        LoadBalancer balancer = LoadBalancer.over(weighted(50, 100, 150, 200))
                .strategy(strategy)
                .build();
        for (int i = 0; i < 20_000; i++) {
            Pick pick = pick(balancer);
            inOrder.add(pick);
            open.merge(pick.backend().id(), 1, Integer::sum);
            picks.merge(pick.backend().id(), 1, Integer::sum);
            if (inOrder.size() > 100) {
                Pick first = inOrder.remove();
                open.merge(first.backend().id(), -1, Integer::sum);
                first.report(Outcome.SUCCESS);
            }
        }

        // What is open follows the weights within a few picks of 100: 10, 20, 30 and 40.
        for (int i = 0; i < 4; i++) {
            assertEquals(2_000 * (i + 1), picks.getOrDefault("b" + i, 0), 400, picks.toString());
        }
    }

    private static Pick pick(LoadBalancer balancer) {
        try {
            return balancer.pick();
        } catch (NoBackendException e) {
            throw new AssertionError(e);
        }
    }
}
