package io.evenkeel.strategy;

import java.util.Arrays;

/**
 * Whose turn it is to claim a slot, as Envoy has it: in each round the heaviest member has a turn, and a lighter one sits
 * out until the rounds times its weight have caught up with its turns.
 *
 * <p>After k turns a member's next one comes in the round {@code k * heaviest / weight}, rounded up; within a round, turns
 * go by the order of the list. Who has a turn far ahead is not asked in between: with one heavy member among ten thousand
 * light ones, every round would be a walk through all of them.
 */
final class Turns {
    private static final int INDEX_BITS = 32;

    private final int[] weights;
    private final long heaviest;
    private final boolean isEqual;
    private final long[] taken;
    /** A heap of the next turn of each member: its round in the upper half, its index in the lower. */
    private final long[] queue;

    private int last = -1;

    Turns(int[] weights) {
        this.weights = weights;
        this.heaviest = Arrays.stream(weights).max().orElseThrow();
        this.isEqual = Arrays.stream(weights).allMatch(w -> w == heaviest);
        this.taken = new long[weights.length];
        this.queue = new long[weights.length];
        Arrays.setAll(queue, i -> inRound(1, i));
    }

    private static long inRound(long round, int member) {
        return round << INDEX_BITS | member;
    }

    /** The index of who is next. */
    int next() {
        if (isEqual) {
            last = last + 1 < weights.length ? last + 1 : 0;
            return last;
        }
        int member = (int) queue[0];
        long round = queue[0] >>> INDEX_BITS;
        long due = (++taken[member] * heaviest + weights[member] - 1) / weights[member];
        sink(inRound(Math.max(round + 1, due), member));
        return member;
    }

    /** Puts a later turn in the place of the first one. */
    private void sink(long turn) {
        int at = 0;
        for (int child = 1; child < queue.length; child = 2 * at + 1) {
            if (child + 1 < queue.length && queue[child + 1] < queue[child]) {
                child++;
            }
            if (queue[child] >= turn) {
                break;
            }
            queue[at] = queue[child];
            at = child;
        }
        queue[at] = turn;
    }
}
