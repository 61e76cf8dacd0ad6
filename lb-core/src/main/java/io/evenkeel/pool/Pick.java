package io.evenkeel.pool;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The leave to use one member once. It has two moments: {@link #responded} stops the clock of latency, {@link #report}
 * ends it and frees the member's slot.
 *
 * <table>
 * <caption>When they are</caption>
 * <tr><th></th><th>responded</th><th>report</th></tr>
 * <tr><td>HTTP</td><td>headers of the answer</td><td>end of its body</td></tr>
 * <tr><td>TCP</td><td>connected</td><td>connection closed</td></tr>
 * <tr><td>UDP</td><td>first answer</td><td>flow idle</td></tr>
 * </table>
 *
 * <p>A pick ends exactly once: the first report counts and later ones are ignored, since a timeout and an answer may
 * race. Safe for use by many threads.
 */
public final class Pick implements AutoCloseable {
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Pick.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The start of a pick for which nobody read the clock. */
    static final long NO_TIME = 0;

    private static final int OPEN = 0;
    private static final int RESPONDED = 1;
    private static final int ENDED = 2;
    private static final int STATE_BITS = 2;
    private static final int STATE_MASK = (1 << STATE_BITS) - 1;

    private final Member member;

    /**
     * State in the low bits; above them the time: when the pick began, and once it has responded, how long that took. One
     * word, so that both change in one step, and 24 bytes for the whole pick. Not volatile, because the fence after the
     * first store would cost as much as the rest of the pick: whoever hands a pick to another thread publishes it.
     */
    private long word;

    Pick(Member member, long startNanos) {
        this.member = member;
        this.word = startNanos << STATE_BITS | OPEN;
    }

    /** The member that was chosen. */
    public Member member() {
        return member;
    }

    /** The backend that was chosen. */
    public Backend backend() {
        return member.backend();
    }

    /** The backend has answered, and well: what comes now is not waiting any more. Only the first call counts. */
    public void responded() {
        responded(Outcome.SUCCESS);
    }

    /**
     * The backend has answered: what comes now is not waiting any more. Only the first call counts.
     *
     * @param soFar {@link Outcome#FAILURE} if the answer is an error of the backend's own, so that a strategy does not take
     *     a quick failure for a quick backend; else {@link Outcome#SUCCESS}. The pick still ends with {@link #report}
     */
    public void responded(Outcome soFar) {
        long before = word; // may be stale; then the exchange below fails, as it should
        if ((before & STATE_MASK) != OPEN) {
            return;
        }
        long now = isTimed(before) ? member.events().now() : NO_TIME;
        long elapsed = elapsed(before, now);
        if (!WORD.compareAndSet(this, before, elapsed << STATE_BITS | RESPONDED)) {
            return;
        }
        if (isTimed(before)) {
            member.load().took(elapsed);
            member.answered(now - elapsed, now, soFar);
        }
        if (soFar == Outcome.SUCCESS) {
            member.giveTrialBack(); // what goes on from here may last for hours, and would keep all others away
        }
    }

    /**
     * Passes on what the backend has told of its own load. Counts at any time, also after the pick has ended: an answer
     * that comes too late for its caller is the very one that tells of an overload.
     */
    public void reported(LoadReport report) {
        member.reported(report);
    }

    /** Ends the pick. Only the first call counts; it returns true. */
    public boolean report(Outcome outcome) {
        // Read before the first atomic operation: each of those makes all later reads wait for it.
        LoadStats load = member.load();
        Events events = member.events();
        boolean isHeard = events.isHeard() || member.meter() != null;
        boolean isOnTrial = member.isOnTrial();
        long before = (long) WORD.getAndSet(this, (long) ENDED);
        int state = (int) before & STATE_MASK;
        if (state == ENDED) {
            return false;
        }
        if (load.end(outcome, state == RESPONDED)) {
            events.wentWrong(member);
        }
        if (isOnTrial) {
            events.trialEnded(member, outcome);
        }
        if (isHeard) {
            tell(events, before, state == RESPONDED, outcome);
        }
        return true;
    }

    private void tell(Events events, long before, boolean hasResponded, Outcome outcome) {
        long elapsed = before >> STATE_BITS;
        if (!hasResponded) {
            long now = isTimed(before) ? events.now() : NO_TIME;
            elapsed = elapsed(before, now);
            if (isTimed(before)) {
                if (outcome == Outcome.SUCCESS || outcome == Outcome.TIMEOUT) {
                    member.load().took(elapsed); // a refusal is quick, and a cancelled pick says nothing
                }
                member.answered(now - elapsed, now, outcome);
            }
        }
        events.completed(events.pool(), member.backend(), outcome, elapsed);
    }

    /** Not where the pick began before anybody listened or measured. */
    private static boolean isTimed(long openWord) {
        return openWord != (NO_TIME << STATE_BITS | OPEN);
    }

    /** The time lost its highest bits when it began; a difference has no need of them. */
    private static long elapsed(long openWord, long now) {
        return isTimed(openWord) ? ((now << STATE_BITS) - (openWord & ~STATE_MASK)) >> STATE_BITS : 0;
    }

    /** Ends the pick as {@link Outcome#CANCELLED} if nothing was reported: that is nobody's fault. */
    @Override
    public void close() {
        report(Outcome.CANCELLED);
    }

    /** Names the backend. */
    @Override
    public String toString() {
        return "Pick[" + member.backend() + "]";
    }
}
