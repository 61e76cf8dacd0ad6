package io.evenkeel.pool;

import java.util.function.BiFunction;

/** What time brings to the members of a pool: ejections end in a trial, and slow start goes on in steps. */
final class Dues {
    private Dues() {}

    /** The roster as it is at that time; {@code show} makes the member of a new standing. */
    static Roster settle(Roster roster, long nowNanos, SlowStart slowStart, BiFunction<Member, Standing, Member> show) {
        // Always a new roster: while slow start goes on, its shares differ although no standing does.
        return roster.changingAll(member -> {
            Standing standing = member.standing();
            Ejection ejection = standing.ejection();
            if (ejection != null && isOver(ejection, nowNanos)) {
                return show.apply(member, standing.onTrial());
            }
            return member.isRamping() && nowNanos - standing.rampStartNanos() >= slowStart.windowNanos()
                    ? show.apply(member, standing.withRampStart(Standing.FULL))
                    : member;
        });
    }

    /** How long until something is due; {@link Alarm#NEVER} if nothing is. */
    static long next(Roster roster, Drains drains, long nowNanos, SlowStart slowStart, boolean isFrozen) {
        long delay = drains.nextDelay(nowNanos);
        if (isFrozen || !roster.tally().isTimed()) {
            return delay;
        }
        for (Member member : roster.members()) {
            Ejection ejection = member.standing().ejection();
            if (ejection != null && ejection.trial() == null) {
                delay = Math.min(delay, ejection.untilNanos() - nowNanos);
            }
            if (member.isRamping()) {
                delay = Math.min(delay, slowStart.windowNanos() / SlowStart.STEPS);
            }
        }
        return delay;
    }

    private static boolean isOver(Ejection ejection, long nowNanos) {
        return ejection.trial() == null && nowNanos - ejection.untilNanos() >= 0;
    }
}
