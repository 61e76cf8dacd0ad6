package io.evenkeel.pool;

import io.evenkeel.backend.BackendState;
import java.util.Arrays;

/**
 * What a pool counts of its members, in all and for each priority, the lowest number first. A change counts out who was and
 * counts in who is: a pool of ten thousand is not looked through for each verdict.
 */
final class Tally {
    private int[] priorities = {};
    private int[] wanted = {};
    private int[] wellAt = {};
    private int well;
    private int known;
    private int ejected;
    private int ramping;
    private int timed;

    private Tally() {}

    static Tally of(Member[] members) {
        Tally tally = new Tally();
        for (Member member : members) {
            tally.count(member, 1);
        }
        return tally;
    }

    Tally copy() {
        Tally copy = new Tally();
        copy.priorities = priorities; // replaced when they change, and never written to
        copy.wanted = wanted.clone();
        copy.wellAt = wellAt.clone();
        copy.well = well;
        copy.known = known;
        copy.ejected = ejected;
        copy.ramping = ramping;
        copy.timed = timed;
        return copy;
    }

    /** Only while nobody else knows this tally. */
    void in(Member member) {
        count(member, 1);
    }

    /** Only while nobody else knows this tally, and a member that was counted in as it is. */
    void out(Member member) {
        count(member, -1);
    }

    private void count(Member member, int step) {
        boolean isWell = Selection.isWell(member);
        well += isWell ? step : 0;
        known += Selection.wasWell(member) ? step : 0;
        ejected += member.state() == BackendState.EJECTED ? step : 0;
        ramping += member.standing().rampStartNanos() != Standing.FULL ? step : 0;
        Ejection ejection = member.standing().ejection();
        timed += ejection != null && ejection.trial() == null ? step : 0;
        if (Selection.isWanted(member)) { // who is not has no say in how levels share
            int level = level(member.backend().priority());
            wanted[level] += step;
            wellAt[level] += isWell ? step : 0;
            if (wanted[level] == 0) {
                priorities = without(level, priorities);
                wanted = without(level, wanted);
                wellAt = without(level, wellAt);
            }
        }
    }

    private int level(int priority) {
        int found = Arrays.binarySearch(priorities, priority);
        if (found >= 0) {
            return found;
        }
        int place = -found - 1;
        priorities = with(priority, place, priorities);
        wanted = with(0, place, wanted);
        wellAt = with(0, place, wellAt);
        return place;
    }

    private static int[] with(int value, int place, int[] values) {
        int[] more = new int[values.length + 1];
        System.arraycopy(values, 0, more, 0, place);
        more[place] = value;
        System.arraycopy(values, place, more, place + 1, values.length - place);
        return more;
    }

    private static int[] without(int place, int[] values) {
        int[] fewer = new int[values.length - 1];
        System.arraycopy(values, 0, fewer, 0, place);
        System.arraycopy(values, place + 1, fewer, place, fewer.length - place);
        return fewer;
    }

    /** The priorities of members that are wanted; a level is a place in this list. */
    int[] priorities() {
        return priorities.clone();
    }

    int[] shares() {
        return Shares.ofPriorities(wellAt, wanted);
    }

    /** How many are well at that level. */
    int wellAt(int level) {
        return wellAt[level];
    }

    int well() {
        return well;
    }

    /** How many could be tried in panic. */
    int known() {
        return known;
    }

    int ejected() {
        return ejected;
    }

    /** How many have a slow start. */
    int ramping() {
        return ramping;
    }

    /** Whether time will change anything: a slow start goes on, or the time of an ejection. */
    boolean isTimed() {
        return ramping > 0 || timed > 0;
    }
}
