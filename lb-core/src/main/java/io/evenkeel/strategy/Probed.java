package io.evenkeel.strategy;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;
import io.evenkeel.pool.Meter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** What one client knows of one member that it probes, and has been through with it. */
final class Probed implements Meter {
    /** One failure may be the request's own. */
    private static final int FAILING = 2;

    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long BUSY = -1;

    private final Prequal prequal;
    private final Backend backend;
    private final AtomicLong retryAt = new AtomicLong();
    private volatile double share = 1;
    private volatile int failures;
    private volatile boolean isSilent;
    private volatile long idleLatency = BUSY;
    private volatile long doubtedAt;

    Probed(Prequal prequal, Backend backend) {
        this.prequal = prequal;
        this.backend = backend;
    }

    Backend backend() {
        return backend;
    }

    /** Its part of the traffic, where 1 is the mean of all. */
    double share() {
        return share;
    }

    void share(double share) {
        this.share = share;
    }

    /**
     * Whether it is to get nothing while others may: its last probe got no answer, or it fails. What fails is quick and has
     * nothing in flight, and would look best of all.
     */
    boolean isAvoided(long now) {
        return isSilent || (failures >= FAILING && retryAt.get() - now > 0);
    }

    /** Whether a pick may go there: always, but to one that has failed, when it may be tried again, only one. */
    boolean take(long now) {
        if (failures < FAILING) {
            return true;
        }
        long due = retryAt.get();
        return due - now <= 0 && retryAt.compareAndSet(due, now + pause(failures));
    }

    private static long pause(int failures) {
        return Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(failures - FAILING, 4));
    }

    boolean isAllowed(PickContext context) {
        return !context.hasExclusions() || !(context.excludes(backend) || context.isBesideExcluded(backend));
    }

    /** Its last probe failed or was not answered in time. */
    void fellSilent() {
        isSilent = true;
    }

    /** It has answered a probe. */
    void spoke() {
        if (isSilent) {
            isSilent = false;
        }
    }

    /**
     * Whether it has been idle for longer than it says that a request takes, and says the same all the time: nobody has
     * measured that since, and if it were believed, nobody ever would. Once for each such time, which chance makes longer
     * by up to as much again, so that not all clients doubt at once.
     */
    boolean isOldNews(LoadProbe.Answer answer, long askedAt, RandomGenerator random) {
        long latency = answer.latency().toNanos();
        if (answer.inFlight() > 0) {
            idleLatency = BUSY;
        } else if (idleLatency != latency) {
            doubtedAt = askedAt + (long) (latency * (1 + random.nextDouble()));
            idleLatency = latency;
        } else if (askedAt - doubtedAt > 0) {
            idleLatency = BUSY;
            return true;
        }
        return false;
    }

    @Override
    public void began(long now) {
        prequal.began(now);
    }

    @Override
    public void answered(long began, long now, Outcome outcome) {
        prequal.saw(now);
        switch (outcome) {
            case SUCCESS -> {
                if (failures != 0) { // a write for each answer would be the dearest part of it
                    failures = 0;
                }
            }
            case FAILURE, TIMEOUT -> failed(now);
            case CANCELLED -> {}
        }
    }

    private void failed(long now) {
        int inARow = failures + 1; // a lost count delays the verdict by one failure
        if (inARow >= FAILING) {
            retryAt.set(now + pause(inARow));
        }
        failures = inARow;
    }

    @Override
    public void reported(LoadReport report, long now) {
        prequal.saw(now);
        LoadProbe.Answer.of(report).ifPresent(answer -> prequal.told(this, answer, now));
    }
}
