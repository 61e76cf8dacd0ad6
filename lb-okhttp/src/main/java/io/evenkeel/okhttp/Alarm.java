package io.evenkeel.okhttp;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import okio.AsyncTimeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something after a time, unless it is stopped before, on the thread on which OkHttp enforces its own limits: no other
 * needs to be started or ended. A call that is cancelled there has run out of time and was not given up by its caller.
 */
final class Alarm extends AsyncTimeout {
    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

    private final Runnable action;
    private volatile boolean rang;

    /** @param nanos 0 for never */
    Alarm(long nanos, Runnable action) {
        timeout(nanos, NANOSECONDS);
        this.action = action;
    }

    void start() {
        enter();
    }

    /** Whether it had rung before. */
    boolean stop() {
        return exit() || rang;
    }

    @Override
    protected void timedOut() {
        rang = true;
        try {
            action.run();
        } catch (Throwable fault) { // would end the thread, and with it all time limits of OkHttp
            LOG.warn("what was to be done in time failed", fault);
        }
    }
}
