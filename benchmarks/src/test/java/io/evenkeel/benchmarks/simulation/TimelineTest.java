package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private final Timeline timeline = new Timeline();
    private final TimelineScheduler scheduler = new TimelineScheduler(timeline);
    private final List<String> log = new ArrayList<>();

    @Test
    void thousandsOfEventsHappenInTheOrderOfTheirTimes() {
        SplittableRandom random = new SplittableRandom(1);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            timeline.in(random.nextInt(1000), tag -> times.add(timeline.now()), 0);
        }

        timeline.runUntil(Timeline.START + 1000);

        assertEquals(times.stream().sorted().toList(), times);
        assertEquals(5000, times.size());
    }

    @Test
    void eventsOfOneMomentHappenInTheOrderInWhichTheyWerePlanned() {
        for (int i = 0; i < 5; i++) {
            timeline.in(7, tag -> log.add("event " + tag), i);
        }

        timeline.runUntil(Timeline.START + 7);

        assertEquals(List.of("event 0", "event 1", "event 2", "event 3", "event 4"), log);
    }

    @Test
    void whatIsDueLaterWaits() {
        timeline.in(10, tag -> log.add("late"), 0);

        timeline.runUntil(Timeline.START + 9);

        assertEquals(List.of(), log);
        assertEquals(Timeline.START + 9, timeline.now());
    }

    @Test
    void aRepeatedTaskRunsUntilItIsCancelled() {
        ScheduledFuture<?> task = scheduler.scheduleWithFixedDelay(
                () -> log.add("at " + (timeline.now() - Timeline.START)), 5, 10, TimeUnit.NANOSECONDS);

        timeline.runUntil(Timeline.START + 25);
        task.cancel(false);
        timeline.runUntil(Timeline.START + 100);

        assertEquals(List.of("at 5", "at 15", "at 25"), log);
    }

    @Test
    void aTaskThatThrowsEndsTheRun() {
        scheduler.execute(() -> {
            throw new IllegalArgumentException("broken");
        });

        IllegalStateException fault =
                assertThrows(IllegalStateException.class, () -> timeline.runUntil(Timeline.START + 1));

        assertEquals("broken", fault.getCause().getCause().getMessage());
    }
}
