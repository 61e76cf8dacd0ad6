package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * Who is gone from a list and who came to it, so that what was made for the list before is taken over for the one after:
 * all others are in both, in the same order. A member of whom anything has changed, such as its weight or its state, is
 * another one, so it is gone and came.
 *
 * <p>For strategies whose tables are dear to build: {@link PoolSnapshot#selectableSince} finds one. Immutable; safe for use
 * by many threads.
 */
public final class Difference {
    /** How many may be gone or have come at one place, and those behind them are still found. */
    private static final int REACH = 8;

    /** Where so many differ, most of the others will, too, and are not looked for any more. */
    private static final int MANY = 256;

    private final int before;
    private final int after;
    private final int[] gone;
    private final int[] came;

    private Difference(int before, int after, int[] gone, int[] came) {
        this.before = before;
        this.after = after;
        this.gone = gone;
        this.came = came;
    }

    /** Goes through both once, with a look at equality only where two are not the same object. */
    static Difference between(Object[] before, Object[] after) {
        Numbers gone = new Numbers();
        Numbers came = new Numbers();
        int from = 0;
        int to = 0;
        while (from < before.length && to < after.length) {
            int same = same(before, from, after, to);
            from += same;
            to += same;
            if (from < before.length && to < after.length) {
                int[] next = next(before, from, after, to, gone.count + came.count < MANY ? REACH : 0);
                from = gone.addUntil(next[0], from);
                to = came.addUntil(next[1], to);
            }
        }
        gone.addUntil(before.length, from);
        came.addUntil(after.length, to);
        return new Difference(before.length, after.length, gone.all(), came.all());
    }

    /** How many are the same from there on: walks over ten thousand of them are spent here, so it is written out. */
    @SuppressWarnings("ReferenceEquality") // nearly all are the same object, which need not be looked at
    private static int same(Object[] before, int from, Object[] after, int to) {
        int most = Math.min(before.length - from, after.length - to);
        for (int i = 0; i < most; i++) {
            Object one = before[from + i];
            Object other = after[to + i];
            if (one != other && !one.equals(other)) {
                return i;
            }
        }
        return most;
    }

    /** Where both go on alike: whoever stands here was replaced, or is gone, or has come in front of the other. */
    private static int[] next(Object[] before, int from, Object[] after, int to, int reach) {
        for (int i = 1; i <= reach; i++) {
            if (isSame(before, from + i, after, to + i)) {
                return new int[] {from + i, to + i};
            }
            if (isSame(before, from + i, after, to)) {
                return new int[] {from + i, to};
            }
            if (isSame(before, from, after, to + i)) {
                return new int[] {from, to + i};
            }
        }
        return new int[] {from + 1, to + 1};
    }

    private static boolean isSame(Object[] before, int from, Object[] after, int to) {
        return from < before.length && to < after.length && before[from].equals(after[to]);
    }

    /** The places in the list before of those that are gone, from the first on. */
    public int[] gone() {
        return gone.clone();
    }

    /** The places in the list after of those that came, from the first on. */
    public int[] came() {
        return came.clone();
    }

    /** Whether both lists are the same. */
    public boolean isNone() {
        return gone.length == 0 && came.length == 0;
    }

    /**
     * The same where both lists stand in another order, in which those that are in both follow each other alike.
     *
     * @param goneThere where those that are gone stood in that order, from the first on
     * @param cameThere where those that came stand in it, likewise
     */
    public Difference inOrder(int[] goneThere, int[] cameThere) {
        checkArgument(goneThere.length == gone.length, "gone: %s (expected: %s)", goneThere.length, gone.length);
        checkArgument(cameThere.length == came.length, "came: %s (expected: %s)", cameThere.length, came.length);
        return new Difference(before, after, goneThere.clone(), cameThere.clone());
    }

    /** Whether everybody else has the place that it had. */
    private boolean isInPlace() {
        return Arrays.equals(gone, came);
    }

    /**
     * What was made of each member before, for the members after.
     *
     * @param made by place, for those that came
     * @return another array, or the same one where both lists are the same; neither may be written to from then on
     */
    public <T> T[] carry(T[] made, IntFunction<T> newlyMade) {
        check(made.length);
        if (isNone()) {
            return made;
        }
        T[] carried = Arrays.copyOf(made, after);
        move(made, carried);
        for (int place : came) {
            carried[place] = newlyMade.apply(place);
        }
        return carried;
    }

    /** The same for numbers; the same array also where those of members that came are those of the members gone. */
    public int[] carry(int[] made, IntUnaryOperator newlyMade) {
        check(made.length);
        int[] fresh = Arrays.stream(came).map(newlyMade).toArray();
        if (isInPlace()
                && Arrays.equals(fresh, Arrays.stream(gone).map(i -> made[i]).toArray())) {
            return made;
        }
        int[] carried = Arrays.copyOf(made, after);
        move(made, carried);
        for (int i = 0; i < came.length; i++) {
            carried[came[i]] = fresh[i];
        }
        return carried;
    }

    private void check(int length) {
        checkArgument(
                length == before, "length: %s (expected: %s, one for each that was there before)", length, before);
    }

    /** Copies what has moved; the rest is there already. */
    @SuppressWarnings("SuspiciousSystemArraycopy") // called with arrays of one type
    private void move(Object array, Object carried) {
        eachStretch((from, to, length) -> {
            if (from != to) {
                System.arraycopy(array, from, carried, to, length);
            }
        });
    }

    /** Tells of those who are in both, as long as they stand side by side. */
    void eachStretch(Stretch stretch) {
        int from = 0;
        int to = 0;
        int nextGone = 0;
        int nextCame = 0;
        while (from < before && to < after) {
            int endFrom = nextGone < gone.length ? gone[nextGone] : before;
            int endTo = nextCame < came.length ? came[nextCame] : after;
            int length = Math.min(endFrom - from, endTo - to);
            if (length > 0) {
                stretch.of(from, to, length);
            }
            from += length;
            to += length;
            for (; nextGone < gone.length && gone[nextGone] == from; nextGone++) {
                from++;
            }
            for (; nextCame < came.length && came[nextCame] == to; nextCame++) {
                to++;
            }
        }
    }

    /** So many who stand side by side before and after. */
    @FunctionalInterface
    interface Stretch {
        void of(int from, int to, int length);
    }

    /** Numbers that are added one after the other. */
    private static final class Numbers {
        private int[] numbers = new int[8];
        private int count;

        /** All from one on up to another one, which is returned and is not added. */
        int addUntil(int end, int first) {
            for (int i = first; i < end; i++) {
                numbers = count < numbers.length ? numbers : Arrays.copyOf(numbers, 2 * count);
                numbers[count++] = i;
            }
            return end;
        }

        int[] all() {
            return Arrays.copyOf(numbers, count);
        }
    }
}
