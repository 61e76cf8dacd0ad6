package io.evenkeel.strategy;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Holds the pin, which outlives the selectors. Picks read it; it is written, and an object made, only when it moves. */
final class Pinned implements SelectionStrategy {
    /** How far the pin may have moved to the front since it was last looked for, so that it is looked for there first. */
    private static final int NEAR = 8;

    private final RandomGenerator random;
    private final AtomicReference<@Nullable Pin> pin = new AtomicReference<>();
    private Lineup lineup = Lineup.NONE; // as of the latest snapshot
    private volatile int place; // of the pin, when it was last looked for

    Pinned(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Where all picks go. What went wrong there before is forgiven: nobody has asked since, and where all have failed once,
     * the pin would otherwise move with every pick.
     */
    private record Pin(LoadStats load, long forgiven) {
        static Pin to(Member member) {
            return new Pin(member.load(), wentWrong(member.load()));
        }

        boolean hasFailed() {
            return load.failuresInARow() > 0 && wentWrong(load) > forgiven;
        }

        private static long wentWrong(LoadStats load) {
            return load.failures() + load.timeouts();
        }
    }

    /** The member of a pin in one snapshot; null if it is not there. */
    private record Found(@Nullable Pin pin, @Nullable Member member) {}

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        lineup = lineup.next(snapshot);
        return lineup.isEmpty()
                ? context -> null
                : new Choice(lineup.members(), lineup.isEven() ? null : lineup.table());
    }

    private final class Choice implements Selector {
        /** With half of the members failing, eight draws meet one of those each time once in 256 times. */
        private static final int DRAWS = 8;

        private final Member[] members;
        private final @Nullable AliasTable table; // null where all weigh the same
        private volatile Found found = new Found(null, null);

        Choice(Member[] members, @Nullable AliasTable table) {
            this.members = members;
            this.table = table;
        }

        @Override
        public Member select(PickContext context) {
            Pin now = pin.get();
            Member pinned = memberOf(now);
            boolean isRetry = context.hasExclusions();
            if (now != null && pinned != null && !now.hasFailed()) {
                return isRetry && context.excludes(pinned.backend()) ? draw() : pinned;
            }
            return isRetry ? draw() : move(now, pinned);
        }

        /** Looks through the members once for each pin. */
        @SuppressWarnings("ReferenceEquality") // an equal pin is another one
        private @Nullable Member memberOf(@Nullable Pin pin) {
            Found known = found;
            if (known.pin() == pin) {
                return known.member();
            }
            Member member = null;
            int first = Math.max(0, Math.min(place, members.length) - NEAR);
            for (int i = 0; i < members.length && member == null && pin != null; i++) {
                int at = (first + i) % members.length;
                if (members[at].load() == pin.load()) {
                    member = members[at];
                    place = at;
                }
            }
            found = new Found(pin, member);
            return member;
        }

        private Member draw() {
            return members[table == null ? Mix.reduce(random.nextLong(), members.length) : table.draw(random)];
        }

        /** Of several threads that find the pin lost, one moves it, and the others follow. */
        private Member move(@Nullable Pin from, @Nullable Member failed) {
            Member next = drawOtherThan(failed);
            Member moved = pin.compareAndSet(from, Pin.to(next)) ? next : memberOf(pin.get());
            return moved != null ? moved : next;
        }

        /** By weight among those that have not failed lately; else whoever comes first. */
        private Member drawOtherThan(@Nullable Member failed) {
            for (int i = 0; i < DRAWS; i++) {
                Member member = draw();
                if (member != failed && member.load().failuresInARow() == 0) {
                    return member;
                }
            }
            int start = Mix.reduce(random.nextLong(), members.length);
            Member second = members[start];
            for (int i = 0; i < members.length; i++) {
                Member member = members[(start + i) % members.length];
                if (member != failed && member.load().failuresInARow() == 0) {
                    return member;
                }
                second = second == failed ? member : second;
            }
            return second;
        }
    }
}
