package io.evenkeel.health;

import io.evenkeel.pool.Verdict;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What came of a probe.
 *
 * @param watch of the member that was asked
 * @param call which it answers
 * @param deadline would have answered in its place
 * @param isAsked false if it was not even asked, for want of a socket of ours, which speaks against nobody
 */
record Answer(
        Watch watch,
        ProbeCall call,
        Future<?> deadline,
        ProbeResult result,
        boolean isAsked,
        long askedNanos,
        long timeoutNanos)
        implements Judging.Answered {

    static Answer of(
            Watch watch,
            ProbeCall call,
            Future<?> deadline,
            @Nullable ProbeResult result,
            @Nullable Throwable fault,
            long askedNanos,
            long timeoutNanos) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        ProbeResult answered =
                result != null ? result : cause != null ? ProbeResult.failed(cause) : ProbeResult.bad("no result");
        boolean isAsked = !(cause instanceof NoSocketException);
        return new Answer(watch, call, deadline, answered, isAsked, askedNanos, timeoutNanos);
    }

    /** Longer than a timeout beyond what it may take: it was us who stood still, not the backend. */
    boolean isLate(long tookNanos) {
        return tookNanos - timeoutNanos > timeoutNanos;
    }

    @Override
    public @Nullable Verdict judge() {
        deadline.cancel(false);
        return watch.judge(this);
    }

    @Override
    public void end() {
        watch.end(call);
    }
}
