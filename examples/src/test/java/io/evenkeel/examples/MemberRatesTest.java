package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.Pools;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("membership")
class MemberRatesTest {
    private final VirtualTime time = new VirtualTime();
    private final BackendPool pool = BackendPool.builder("test")
            .backends(Pools.backends(1))
            .nanoClock(time::nanoTime)
            .listenerExecutor(Runnable::run)
            .build();

    private void serve(int times, Duration latency) {
        for (int i = 0; i < times; i++) {
            Pick pick = Pools.member(pool, "b0").pick();
            time.advance(latency);
            pick.report(Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("rate and latency are those since the reading before")
    void ratesAreOfTheTimeSinceTheReadingBefore() {
        pool.measureLatency();
        serve(10, Duration.ofMillis(500));
        MemberRates rates = new MemberRates(pool.snapshot(), time.nanoTime());

        serve(50, Duration.ofMillis(20));
        Pick open = Pools.member(pool, "b0").pick();
        time.advance(Duration.ofSeconds(1));

        assertEquals(
                List.of(new MemberRates.Rate("b0", BackendState.UP, 1, 25.5, Duration.ofMillis(20))),
                rates.read(pool.snapshot(), time.nanoTime()));
        open.close();
    }

    @Test
    @DisplayName("a member that is new counts from zero, and one that did nothing has no latency")
    void newcomersCountFromZero() {
        MemberRates rates = new MemberRates(pool.snapshot(), time.nanoTime());
        pool.replace(List.of(Pools.backend(7)));
        time.advance(Duration.ofSeconds(1));

        assertEquals(
                List.of(new MemberRates.Rate("b7", BackendState.UP, 0, 0, Duration.ZERO)),
                rates.read(pool.snapshot(), time.nanoTime()));
    }
}
