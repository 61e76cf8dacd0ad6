package io.evenkeel.pool;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.BackendState;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about a member, from whoever said it, and what follows: an operator's word outranks what traffic has
 * shown, and that outranks the probe. Immutable.
 *
 * @param verdict what the probe says: UP, UNPROBED or DOWN
 * @param verdictReason why it says so
 * @param admin what the operator says
 * @param drain the drain that is under way or has ended; null if there is none
 * @param ejection the time out for what traffic has shown; null if there is none
 * @param rampStartNanos when slow start began; {@link #FULL} if the member takes its full share
 */
record Standing(
        BackendState verdict,
        String verdictReason,
        AdminState admin,
        @Nullable Drain drain,
        @Nullable Ejection ejection,
        long rampStartNanos) {

    /** No slow start. */
    static final long FULL = Long.MIN_VALUE;

    static Standing of(BackendState verdict, String reason) {
        return new Standing(verdict, reason, AdminState.NONE, null, null, FULL);
    }

    Standing withVerdict(BackendState verdict, String reason) {
        return new Standing(verdict, reason, admin, drain, ejection, rampStartNanos);
    }

    Standing withAdmin(AdminState admin) {
        return new Standing(verdict, verdictReason, admin, drain, ejection, rampStartNanos);
    }

    Standing withDrain(@Nullable Drain drain) {
        return new Standing(verdict, verdictReason, admin, drain, ejection, rampStartNanos);
    }

    Standing withEjection(@Nullable Ejection ejection) {
        return new Standing(verdict, verdictReason, admin, drain, ejection, rampStartNanos);
    }

    /** The time out is over, if there is one. */
    Standing onTrial() {
        return ejection == null || ejection.trial() != null ? this : withEjection(ejection.onTrial());
    }

    Standing withRampStart(long rampStartNanos) {
        return new Standing(verdict, verdictReason, admin, drain, ejection, rampStartNanos);
    }

    BackendState state() {
        if (drain != null) {
            return BackendState.DRAINING;
        }
        return switch (admin) {
            case UP -> BackendState.UP;
            case DOWN -> BackendState.DOWN;
            case NONE -> isEjected() ? BackendState.EJECTED : verdict;
        };
    }

    String reason() {
        if (drain != null) {
            return "draining";
        }
        if (admin != AdminState.NONE) {
            return "admin state " + admin;
        }
        Ejection out = ejection;
        if (out == null || verdict != BackendState.UP) {
            return verdictReason;
        }
        return out.trial() == null ? out.reason() : "on trial after: " + out.reason();
    }

    /** Whether the member is well enough to be in its time out, and nowhere worse. */
    private boolean isEjected() {
        return ejection != null && ejection.trial() == null && verdict == BackendState.UP;
    }

    /** Whether this member counts when the pool asks how many of its members are well: an operator has not taken it out. */
    boolean isWanted() {
        return drain == null && admin != AdminState.DOWN;
    }

    @Nullable
    Trial trial() {
        return ejection == null ? null : ejection.trial();
    }
}
