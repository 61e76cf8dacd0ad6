package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.Vectors;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EwmaTest implements SelectionStrategyContract {
    private static final Duration DECAY = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime();
    private final Estimate estimate = new Estimate(DECAY.toNanos());

    @Override
    public SelectionStrategy strategy() {
        return SelectionStrategy.leastLoaded(2, LoadMetric.peakEwma(DECAY), new Random(42));
    }

    @Nested
    class OfAverages implements SelectionStrategyContract {
        @Override
        public SelectionStrategy strategy() {
            return SelectionStrategy.leastLoaded(5, LoadMetric.averageEwma(DECAY), new Random(42));
        }
    }

    private static long nanos(double millis) {
        return (long) (millis * 1e6);
    }

    @Test
    @Tag("strategy")
    @DisplayName("3 costs are Finagle's")
    void costsAreFinagles() {
        JsonObject finagle =
                Vectors.objects("peak_ewma.json", "cases").findFirst().orElseThrow();
        int inFlight = 0;

        for (JsonElement element : finagle.getAsJsonArray("steps")) {
            JsonObject step = element.getAsJsonObject();
            long now = nanos(step.get("now_ms").getAsDouble());
            switch (step.get("op").getAsString()) {
                case "start" -> inFlight++;
                case "end" -> {
                    inFlight--;
                    estimate.add(now, step.get("rtt_ms").getAsDouble() * 1e6, 0, Ewma.PEAK);
                }
                default -> {
                    double expected = step.get("expected_cost_ns").getAsDouble();
                    // A tick of 65 µs is 7e-6 of the decay, and a float holds 6e-8.
                    assertEquals(expected, Ewma.cost(estimate, inFlight, now), expected * 1e-5, step.toString());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 181.27", "10, 632.12", "100, 999.95"})
    void anAverageMovesByTheTimeSinceItsLastSample(int seconds, double share) {
        estimate.add(0, 1_000, 0, Ewma.AVERAGE);

        estimate.add(Duration.ofSeconds(seconds).toNanos(), 2_000, 0, Ewma.AVERAGE);

        assertEquals(1_000 + share, estimate.relaxed(Duration.ofSeconds(seconds).toNanos(), 0), 0.05);
    }

    @Test
    void timesThatRunBackwardsBetweenThreadsCountAsNow() {
        estimate.add(nanos(5_000), 100, 0, Ewma.AVERAGE);

        assertEquals(100, estimate.relaxed(nanos(1_000), 0));
    }

    @Test
    void aSlowMemberGetsLessAndIsNotForgotten() throws NoBackendException {
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(3))
                .nanoClock(time::nanoTime)
                .build();
        Map<String, Integer> picks = new HashMap<>();

        try (LoadBalancer balancer =
                LoadBalancer.over(pool).strategy(strategy()).build()) {
            for (int i = 0; i < 10_000; i++) {
                Pick pick = balancer.pick();
                String id = pick.backend().id();
                picks.merge(id, 1, Integer::sum);
                time.advance(Duration.ofMillis(id.equals("b0") ? 100 : 5));
                pick.report(Outcome.SUCCESS);
            }
        }

        // Alone it loses each comparison until its estimate has fallen to a twentieth, which takes 3 time constants.
        assertTrue(picks.get("b0") >= 2 && picks.get("b0") <= 10, picks.toString());
    }

    private Member member(LoadMetric metric) {
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(1))
                .nanoClock(time::nanoTime)
                .build();
        return pool.snapshot().metered(metric::meterFor).selectable().get(0);
    }

    /** What an idle member costs, in milliseconds, that has answered once and was then cancelled. */
    private double costAfter(LoadMetric metric, int answeredMillis, int cancelledMillis) {
        Member member = member(metric);
        end(member, answeredMillis, Outcome.SUCCESS);
        end(member, cancelledMillis, Outcome.CANCELLED);
        return metric.of(member) / 1e6;
    }

    private void end(Member member, int millis, Outcome outcome) {
        Pick pick = member.pick();
        time.advance(Duration.ofMillis(millis));
        pick.report(outcome);
    }

    @Test
    void whatIsCancelledLateIsAPeak() {
        assertEquals(500, costAfter(LoadMetric.peakEwma(DECAY), 100, 500), 0.1);
    }

    @Test
    void whatIsCancelledLateRaisesAnAverage() {
        // After half a second the older value counts for exp(-0.05).
        assertEquals(500 - 400 * Math.exp(-0.05), costAfter(LoadMetric.averageEwma(DECAY), 100, 500), 0.1);
    }

    @Test
    void whatIsCancelledAtOnceDoesNotMakeAMemberLookFaster() {
        // A millisecond is 1e-4 of the decay.
        assertEquals(100, costAfter(LoadMetric.peakEwma(DECAY), 100, 1), 0.02);
        assertEquals(100, costAfter(LoadMetric.averageEwma(DECAY), 100, 1), 0.02);
    }

    @Test
    void theFirstThatIsCancelledSaysNothing() {
        LoadMetric metric = LoadMetric.peakEwma(DECAY);
        Member member = member(metric);

        end(member, 500, Outcome.CANCELLED);
        member.pick();

        assertEquals(Ewma.UNKNOWN + 1, metric.of(member));
    }

    @Test
    void whatIsKnownOfAMemberStaysWhileItIsThere() throws NoBackendException {
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(2))
                .nanoClock(time::nanoTime)
                .build();

        try (LoadBalancer balancer =
                LoadBalancer.over(pool).strategy(strategy()).build()) {
            for (int i = 0; i < 20; i++) {
                Pick pick = balancer.pick();
                time.advance(Duration.ofMillis(pick.backend().id().equals("b0") ? 1_000 : 5));
                pick.report(Outcome.SUCCESS);
            }
            pool.replace(backends(2).stream().map(b -> b.withWeight(200)).toList());

            assertEquals("b1", balancer.pick().backend().id());
        }
    }
}
