package io.evenkeel.availability;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A time that is over at some moment, unless nobody cares any more. */
final class Deadline {
    private volatile boolean isOver;
    private final Future<?> alarm;

    private Deadline(Duration time, ScheduledExecutorService scheduler, Runnable wake) {
        this.alarm = scheduler.schedule(() -> ring(wake), NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
    }

    /** Calls {@code wake} when the time is over. */
    static Deadline in(Duration time, ScheduledExecutorService scheduler, Runnable wake) {
        return new Deadline(time, scheduler, wake);
    }

    private void ring(Runnable wake) {
        isOver = true;
        wake.run();
    }

    boolean isOver() {
        return isOver;
    }

    void cancel() {
        alarm.cancel(false);
    }
}
