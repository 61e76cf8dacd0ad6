package io.evenkeel.pool;

import java.util.Arrays;

/**
 * The priorities in a pool, lowest number first, and how many members of each are well, counted in one walk: a pool of ten
 * thousand is counted anew at each verdict.
 */
final class Levels {
    private int[] priorities = {};
    private int[] wanted = {};
    private int[] well = {};
    private int wellInAll;
    private int known;

    /** Who is neither wanted nor well has no say in this. */
    static Levels of(Member[] members) {
        Levels levels = new Levels();
        for (Member member : members) {
            levels.count(member);
        }
        return levels;
    }

    private void count(Member member) {
        boolean isWell = Selection.isWell(member);
        wellInAll += isWell ? 1 : 0;
        known += Selection.wasWell(member) ? 1 : 0;
        if (Selection.isWanted(member)) {
            int level = level(member.backend().priority());
            wanted[level]++;
            well[level] += isWell ? 1 : 0;
        }
    }

    private int level(int priority) {
        int found = Arrays.binarySearch(priorities, priority);
        if (found >= 0) {
            return found;
        }
        int place = -found - 1;
        priorities = withRoomAt(place, priorities);
        priorities[place] = priority;
        wanted = withRoomAt(place, wanted);
        well = withRoomAt(place, well);
        return place;
    }

    private static int[] withRoomAt(int place, int[] counts) {
        int[] more = new int[counts.length + 1];
        System.arraycopy(counts, 0, more, 0, place);
        System.arraycopy(counts, place, more, place + 1, counts.length - place);
        return more;
    }

    int[] priorities() {
        return priorities;
    }

    int[] shares() {
        return Shares.ofPriorities(well, wanted);
    }

    /** How many are well at that level, which is not the priority but its place among them. */
    int wellAt(int level) {
        return well[level];
    }

    int well() {
        return wellInAll;
    }

    /** How many could be tried in panic. */
    int known() {
        return known;
    }
}
