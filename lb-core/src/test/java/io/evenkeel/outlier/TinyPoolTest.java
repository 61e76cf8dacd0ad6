package io.evenkeel.outlier;

import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.pool.WhenNoneHealthy;
import io.evenkeel.testing.VirtualTime;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What small pools do when much of them fails; the table of {@code docs/health.md}. */
@Tag("health")
class TinyPoolTest {
    private final VirtualTime time = new VirtualTime();

    @DisplayName("1 traffic fails: how many are ejected, and how many are chosen from")
    @ParameterizedTest(name = "{0} members, {1} fail, cap {2} %: {3} ejected, {4} chosen from")
    @CsvSource({
        // members, failing, cap, ejected, chosen from
        "1, 1, 50, 0, 1",
        "1, 1, 100, 0, 1",
        "2, 1, 50, 1, 1",
        "2, 2, 50, 1, 1",
        "2, 2, 100, 1, 1",
        "2, 1, 10, 0, 2",
        "3, 1, 50, 1, 2",
        "3, 2, 50, 1, 2",
        "3, 3, 50, 1, 2",
        "3, 3, 100, 2, 1",
        "3, 1, 10, 0, 3",
        "5, 1, 50, 1, 4",
        "5, 3, 50, 2, 3",
        "5, 5, 50, 2, 3",
        "5, 5, 100, 4, 1",
        "5, 1, 10, 0, 5",
        "10, 1, 50, 1, 9",
        "10, 5, 50, 5, 5",
        "10, 10, 50, 5, 5",
        "10, 10, 100, 9, 1",
        "10, 5, 10, 1, 9",
    })
    void whatTrafficTakesOut(int members, int failing, int capPercent, int ejected, int chosenFrom) {
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(members))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .build();
        OutlierDetector.start(pool, OutlierPolicy.defaults().withMaxEjectedPercent(capPercent), time, new Random(1));

        for (int i = 0; i < failing; i++) {
            for (int failure = 0; failure < 20; failure++) {
                member(pool, "b" + i).pick().report(Outcome.FAILURE);
            }
        }

        PoolSnapshot now = pool.snapshot();
        assertEquals(
                ejected,
                now.members().stream()
                        .filter(m -> m.state() == BackendState.EJECTED)
                        .count());
        assertEquals(chosenFrom, now.selectable().size());
    }

    @DisplayName("1 probes fail: how many are chosen from, and whether that is in panic")
    @ParameterizedTest(name = "{0} members, {1} down, panic below {2} %, {3}: {4} chosen from, panic {5}")
    @CsvSource({
        // members, down, panic threshold, when none is healthy, chosen from, panic
        "1, 1, 0, FAIL_FAST, 0, false",
        "1, 1, 0, TRY_ALL, 1, true",
        "1, 1, 50, FAIL_FAST, 1, true",
        "2, 1, 0, FAIL_FAST, 1, false",
        "2, 1, 50, FAIL_FAST, 1, false",
        "2, 2, 0, FAIL_FAST, 0, false",
        "2, 2, 0, TRY_ALL, 2, true",
        "2, 2, 50, FAIL_FAST, 2, true",
        "3, 1, 50, FAIL_FAST, 2, false",
        "3, 2, 0, TRY_ALL, 1, false",
        "3, 2, 50, FAIL_FAST, 3, true",
        "3, 3, 0, FAIL_FAST, 0, false",
        "3, 3, 0, TRY_ALL, 3, true",
        "5, 2, 50, FAIL_FAST, 3, false",
        "5, 3, 50, FAIL_FAST, 5, true",
        "5, 5, 0, FAIL_FAST, 0, false",
        "5, 5, 0, TRY_ALL, 5, true",
        "10, 1, 50, FAIL_FAST, 9, false",
        "10, 5, 50, FAIL_FAST, 5, false",
        "10, 6, 50, FAIL_FAST, 10, true",
        "10, 10, 0, FAIL_FAST, 0, false",
        "10, 10, 0, TRY_ALL, 10, true",
    })
    void whatProbesTakeOut(
            int members, int down, int panicPercent, WhenNoneHealthy whenNoneHealthy, int chosenFrom, boolean isPanic) {
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(members))
                .panicThreshold(panicPercent)
                .whenNoneHealthy(whenNoneHealthy)
                .build();

        for (int i = 0; i < down; i++) {
            pool.markDown("b" + i, "refused");
        }

        assertEquals(chosenFrom, pool.snapshot().selectable().size());
        assertEquals(isPanic, pool.snapshot().isPanicking());
    }
}
