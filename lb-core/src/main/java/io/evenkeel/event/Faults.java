package io.evenkeel.event;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what foreign code (listeners, strategies, probes, sources) threw, and logs it at most once a minute.
 *
 * <p>Nothing that a user plugs in may break the path of the data, and nothing that breaks may go unseen. Safe for use by
 * many threads.
 */
public final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String owner;
    private final LongSupplier nanoClock;
    private final LongAdder count = new LongAdder();
    private final AtomicLong nextLogNanos;

    /**
     * A count that starts at zero.
     *
     * @param owner whose faults they are, for the log line
     * @param nanoClock a clock such as {@link System#nanoTime}
     */
    public Faults(String owner, LongSupplier nanoClock) {
        this.owner = owner;
        this.nanoClock = nanoClock;
        this.nextLogNanos = new AtomicLong(nanoClock.getAsLong());
    }

    /** Counts a fault. {@code what} names the code that threw, such as {@code listener}. */
    public void caught(String what, Throwable fault) {
        count.increment();
        long now = nanoClock.getAsLong();
        long due = nextLogNanos.get();
        if (now - due >= 0 && nextLogNanos.compareAndSet(due, now + QUIET_NANOS)) {
            LOG.warn(
                    "{}: {} threw; {} faults so far, next line in a minute at the earliest", owner, what, count, fault);
        }
    }

    /** How many were caught so far. */
    public long count() {
        return count.sum();
    }

    /** As in {@code pool web: 17 faults}. */
    @Override
    public String toString() {
        return owner + ": " + count + " faults";
    }
}
