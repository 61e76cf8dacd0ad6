package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * For rounds too long to be written out: members of different weights in turn, where each round passes a member over
 * unless its weight has added up to a whole pick.
 *
 * <p>Immutable but for the cursor: one atomic addition for each try, and as many tries as the largest weight is larger
 * than the mean. Source: gRPC proposal A58; its bounds on the weights are left out, because here they are the user's own
 * and not measured.
 */
final class StaticStride implements Selector {
    /** Weights are scaled so that the largest has this one, and a pick costs as much. */
    private static final int WHOLE = 65_535;

    /** Half of it: puts neighbours out of phase, or all light members would be picked in the same round. */
    private static final int OFFSET = WHOLE / 2;

    private final AtomicInteger cursor;
    private final Member[] members;
    private final int[] scaled;

    StaticStride(AtomicInteger cursor, Member[] members, int[] scaled) {
        this.cursor = cursor;
        this.members = members;
        this.scaled = scaled;
    }

    static int[] scale(int[] weights) {
        int largest = Math.max(1, Weights.largest(weights));
        int[] scaled = new int[weights.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (int) Math.max(1, Math.round((double) weights[i] * WHOLE / largest));
        }
        return scaled;
    }

    @Override
    public Member select(PickContext context) {
        while (true) { // the heaviest member accepts in every round
            int ticket = cursor.getAndIncrement();
            // Dividing 32 bits with a sign is several times faster than what the upper half of the tickets needs.
            int round = ticket >= 0 ? ticket / members.length : Integer.divideUnsigned(ticket, members.length);
            int index = ticket - round * members.length;
            long weight = scaled[index];
            if ((weight * round + (long) index * OFFSET) % WHOLE >= WHOLE - weight) {
                return members[index];
            }
        }
    }
}
