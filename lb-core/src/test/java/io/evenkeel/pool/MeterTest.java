package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeterTest {
    private final VirtualTime time = new VirtualTime();
    private final long start = time.nanoTime();
    private final List<String> heard = new ArrayList<>();
    private final BackendPool pool = BackendPool.builder("test")
            .backends(backends(1))
            .nanoClock(time::nanoTime)
            .build();

    private final Meter meter = new Meter() {
        @Override
        public void began(long now) {
            heard.add("began " + millis(now));
        }

        @Override
        public void answered(long began, long now, Outcome outcome) {
            heard.add("answered " + millis(began) + " to " + millis(now) + " " + outcome);
        }

        @Override
        public void reported(LoadReport report, long now) {
            heard.add("reported " + report.cpuUtilization() + " at " + millis(now));
        }
    };

    private long millis(long now) {
        return Duration.ofNanos(now - start).toMillis();
    }

    private Pick pick(Meter meter) {
        return pool.snapshot().metered(m -> meter).selectable().get(0).pick();
    }

    private void wait(int millis) {
        time.advance(Duration.ofMillis(millis));
    }

    @Test
    void itHearsOfTheAnswerAndNotOfTheEnd() {
        Pick pick = pick(meter);

        wait(30);
        pick.responded();
        wait(500);
        pick.report(Outcome.SUCCESS);

        assertEquals(List.of("began 0", "answered 0 to 30 SUCCESS"), heard);
    }

    @Test
    void itHearsOfTheEndWhereThereWasNoAnswer() {
        wait(5);
        Pick pick = pick(meter);

        wait(40);
        pick.report(Outcome.TIMEOUT);
        pick.responded();

        assertEquals(List.of("began 5", "answered 5 to 45 TIMEOUT"), heard);
    }

    @Test
    void itHearsOfAFailureThatAnswersBeforeThePickEnds() {
        Pick pick = pick(meter);

        wait(1);
        pick.responded(Outcome.FAILURE);
        pick.report(Outcome.FAILURE);

        assertEquals(List.of("began 0", "answered 0 to 1 FAILURE"), heard);
        assertEquals(0, pick.member().load().unansweredInARow());
    }

    @Test
    void aReportOfLoadCountsAfterThePickHasEnded() {
        Pick pick = pick(meter);
        pick.report(Outcome.TIMEOUT);

        wait(200);
        pick.reported(new LoadReport(0.9, 0, 0, 0, 0, Map.of(), Map.of(), Map.of()));

        assertEquals(List.of("began 0", "answered 0 to 0 TIMEOUT", "reported 0.9 at 200"), heard);
    }

    @Test
    void membersOfThePoolItselfHaveNone() {
        pick(meter);

        assertNull(pool.snapshot().selectable().get(0).meter());
    }

    @Test
    void oneThatThrowsHurtsNobody() {
        Meter throwing = new Meter() {
            @Override
            public void began(long now) {
                heard.add("began");
            }

            @Override
            public void answered(long began, long now, Outcome outcome) {
                throw new IllegalStateException("broken");
            }
        };

        Pick pick = pick(throwing);
        assertDoesNotThrow(() -> pick.responded());

        assertTrue(pick.report(Outcome.SUCCESS));
        assertEquals(1, pool.faults().count());
    }

    @Test
    void oneThatThrewAtTheBeginningIsNotToldOfTheEnd() {
        Meter throwing = new Meter() {
            @Override
            public void began(long now) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void answered(long began, long now, Outcome outcome) {
                heard.add("answered");
            }
        };

        pick(throwing).report(Outcome.SUCCESS);

        assertEquals(List.of(), heard);
    }
}
