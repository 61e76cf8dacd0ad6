package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.concurrent.atomic.AtomicInteger;

/** The turns of a round, one after the other. */
final class Rotation implements Selector {
    /** Where the cursor is taken back: far from the overflow, for all the threads that may be on their way. */
    private static final int LAP = 1 << 30;

    private final AtomicInteger cursor;
    private final Member[] turns;

    Rotation(AtomicInteger cursor, Member[] turns) {
        this.cursor = cursor;
        this.turns = turns;
    }

    @Override
    public Member select(PickContext context) {
        return turns[turn(cursor, turns.length)];
    }

    /** The next of that many turns. */
    static int turn(AtomicInteger cursor, int turns) {
        int ticket = cursor.getAndIncrement();
        return ticket >= 0 && ticket < LAP ? ticket % turns : afterLap(cursor, ticket, turns);
    }

    /** Takes the cursor back by a multiple of the round, so that the order goes on as if it had no end. */
    private static int afterLap(AtomicInteger cursor, int ticket, int turns) {
        cursor.updateAndGet(c -> c >= 0 && c < LAP ? c : Integer.remainderUnsigned(c, turns));
        return Integer.remainderUnsigned(ticket, turns);
    }
}
