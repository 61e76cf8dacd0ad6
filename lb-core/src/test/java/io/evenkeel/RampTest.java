package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.SlowStart;
import io.evenkeel.strategy.LoadMetric;
import io.evenkeel.strategy.MaglevOptions;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("health")
class RampTest {
    private static final HashSecret SECRET = new HashSecret(1, 2);
    private static final int PICKS = 20_000;
    private static final int STEPS = 20;

    private final VirtualTime time = new VirtualTime();
    private final SplittableRandom keys = new SplittableRandom(5);

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "round robin",
                "random",
                "maglev",
                "steady maglev",
                "rendezvous",
                "bounded maglev",
                "least loaded",
                "least loaded of 5",
                "adaptive"
            })
    @DisplayName("6 the share of a newcomer follows the curve at every step, for every strategy")
    void theShareOfANewcomerFollowsTheCurve(String name) throws NoBackendException {
        MaglevOptions options = MaglevOptions.defaults().withSecret(SECRET);
        Map<String, SelectionStrategy> strategies = Map.of(
                "round robin", SelectionStrategy.roundRobin(new Random(1)),
                "random", SelectionStrategy.random(new Random(1)),
                "maglev", SelectionStrategy.maglev(options),
                "steady maglev", SelectionStrategy.maglev(options.withSteady(true)),
                "rendezvous", SelectionStrategy.rendezvous(SECRET),
                "bounded maglev", SelectionStrategy.boundedLoad(SelectionStrategy.maglev(options)),
                // Picks end at once, so that nobody ever has anything in flight.
                "least loaded", SelectionStrategy.leastLoaded(2, LoadMetric.inFlight(), new Random(1)),
                "least loaded of 5", SelectionStrategy.leastLoaded(5, LoadMetric.inFlight(), new Random(1)),
                "adaptive", SelectionStrategy.adaptive(new Random(1)));
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(4))
                .slowStart(SlowStart.over(Duration.ofSeconds(100)))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .build();
        LoadBalancer balancer =
                LoadBalancer.over(pool).strategy(strategies.get(name)).build();
        time.advance(Duration.ofSeconds(100));

        pool.add(backend(4));

        for (int step = 0; step <= STEPS; step++) {
            double weight = Math.max(0.1, (double) step / STEPS);
            double share = weight / (4 + weight);
            double picks = countPicks(balancer, "b4");
            // Five standard deviations of independent picks, passed once in 1.7 million, and one slot in 65,537.
            double bound = 5 * Math.sqrt(PICKS * share * (1 - share)) + PICKS / 65_537.0;
            assertTrue(
                    Math.abs(picks - PICKS * share) <= bound,
                    "step " + step + ": " + picks + " picks, expected " + PICKS * share + " ± " + bound);
            time.advance(Duration.ofSeconds(100 / STEPS));
        }
    }

    private int countPicks(LoadBalancer balancer, String id) throws NoBackendException {
        int count = 0;
        for (int i = 0; i < PICKS; i++) {
            Pick pick = balancer.pick(PickContext.keyed(keys.nextLong()));
            count += pick.backend().id().equals(id) ? 1 : 0;
            pick.report(Outcome.SUCCESS);
        }
        return count;
    }
}
