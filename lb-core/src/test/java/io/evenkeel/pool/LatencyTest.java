package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.Subscription;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("membership")
class LatencyTest {
    private final VirtualTime time = new VirtualTime();
    private final BackendPool pool = BackendPool.builder("test")
            .backends(backends(1))
            .nanoClock(time::nanoTime)
            .listenerExecutor(Runnable::run)
            .build();
    private final LoadStats load = member(pool, "b0").load();

    private Pick pick() {
        return member(pool, "b0").pick();
    }

    private void wait(int millis) {
        time.advance(Duration.ofMillis(millis));
    }

    private void assertMeasured(int timedPicks, int totalMillis) {
        assertEquals(timedPicks, load.timedPicks());
        assertEquals(Duration.ofMillis(totalMillis), load.totalLatency());
    }

    @Test
    @DisplayName("the latency of a member is readable: up to each answer, and not to the end of its body")
    void latencyIsThatOfAnswers() {
        pool.measureLatency();
        for (int took : List.of(30, 50)) {
            Pick pick = pick();
            wait(took);
            pick.responded();
            wait(500);
            pick.report(Outcome.SUCCESS);
        }

        assertMeasured(2, 80);
    }

    @Test
    void anAnswerThatNobodyToldOfCameWithTheEnd() {
        pool.measureLatency();
        Pick pick = pick();
        wait(30);
        pick.report(Outcome.SUCCESS);

        assertMeasured(1, 30);
    }

    @Test
    void anErrorAnswerAndATimeoutCount() {
        pool.measureLatency();
        Pick error = pick();
        wait(10);
        error.responded(Outcome.FAILURE);
        error.report(Outcome.FAILURE);
        Pick late = pick();
        wait(700);
        late.report(Outcome.TIMEOUT);

        assertMeasured(2, 710);
    }

    @Test
    void whatWasNotAnsweredDoesNotLookQuick() {
        pool.measureLatency();
        Pick refused = pick();
        wait(1);
        refused.report(Outcome.FAILURE);
        Pick givenUp = pick();
        wait(2);
        givenUp.close();

        assertMeasured(0, 0);
    }

    @Test
    void nothingIsReadFromAClockThatNobodyWants() {
        List<Long> readings = new ArrayList<>();
        BackendPool quiet = BackendPool.builder("quiet")
                .backends(backends(1))
                .nanoClock(() -> {
                    readings.add(time.nanoTime());
                    return time.nanoTime();
                })
                .build();
        readings.clear();

        Pick pick = member(quiet, "b0").pick();
        pick.responded();
        pick.report(Outcome.SUCCESS);

        assertEquals(List.of(), readings);
        assertEquals(0, member(quiet, "b0").load().timedPicks());
    }

    @Test
    void itIsMeasuredFromTheCallUntilItIsClosed() {
        Pick before = pick();
        Subscription measuring = pool.measureLatency();
        wait(10);
        before.report(Outcome.SUCCESS);
        Pick during = pick();
        wait(20);
        during.report(Outcome.SUCCESS);
        measuring.close();
        Pick after = pick();
        wait(40);
        after.report(Outcome.SUCCESS);

        assertMeasured(1, 20);
    }

    @Test
    void aStrategyThatMeasuresIsEnough() throws NoBackendException {
        LoadBalancer balancer =
                LoadBalancer.over(pool).strategy(SelectionStrategy.adaptive()).build();
        try (balancer;
                Pick pick = balancer.pick()) {
            wait(30);
            pick.responded();
        }

        assertMeasured(1, 30);
    }

    @Test
    void aMemberThatStaysKeepsWhatWasMeasured() {
        pool.measureLatency();
        Pick pick = pick();
        wait(30);
        pick.report(Outcome.SUCCESS);

        pool.replace(List.of(member(pool, "b0").backend().withWeight(7)));

        assertMeasured(1, 30);
        assertEquals(load, member(pool, "b0").load());
    }
}
