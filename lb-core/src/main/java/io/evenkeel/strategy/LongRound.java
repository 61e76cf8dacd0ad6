package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole round of a static stride, written out by places: what is read next stands beside what was read last, and nothing
 * is tried in vain. Members may be others of the same weights, so that one that is replaced costs no new round.
 *
 * <p>Each member has a phase of its own, by the golden ratio, so that light ones do not come all at once.
 */
final class LongRound implements Selector {
    /** Tries of the stride; each takes some nanoseconds, once for all changes that leave the weights as they are. */
    private static final int MOST_TRIES = 1 << 18;

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final AtomicInteger cursor;
    private final Member[] members;
    private final char[] places;

    LongRound(AtomicInteger cursor, Member[] members, char[] places) {
        this.cursor = cursor;
        this.members = members;
        this.places = places;
    }

    /** Whether a round of these weights, in lowest terms, is short enough to be written out. */
    static boolean isShort(int[] least) {
        return least.length <= Character.MAX_VALUE && (long) Weights.largest(least) * least.length <= MOST_TRIES;
    }

    /** Whose turn it is: as many for each as it weighs, in as many rounds as the heaviest weighs. */
    static char[] of(int[] least) {
        int largest = Weights.largest(least);
        char[] places = new char[(int) Weights.sum(least)];
        int end = 0;
        for (int round = 0; round < largest; round++) {
            for (int i = 0; i < least.length; i++) {
                int phase = Mix.reduce(i * GOLDEN, largest);
                if (((long) least[i] * round + phase) % largest >= largest - least[i]) {
                    places[end++] = (char) i;
                }
            }
        }
        return places;
    }

    @Override
    public Member select(PickContext context) {
        return members[places[Rotation.turn(cursor, places.length)]];
    }
}
