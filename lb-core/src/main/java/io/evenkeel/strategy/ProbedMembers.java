package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The selectable members of one snapshot beside what is known of each. */
final class ProbedMembers {
    /** With half of the members avoided, eight draws meet one of those each time once in 256 times. */
    private static final int DRAWS = 8;

    private final Member[] members;
    private final Probed[] probed;
    private final IdentityHashMap<Probed, Member> byProbed;
    private final @Nullable AliasTable table;

    private ProbedMembers(Member[] members, Probed[] probed, @Nullable AliasTable table) {
        this.members = members;
        this.probed = probed;
        this.table = table;
        this.byProbed = new IdentityHashMap<>(members.length);
        for (int i = 0; i < members.length; i++) {
            byProbed.put(probed[i], members[i]);
        }
    }

    static ProbedMembers of(List<Member> selectable, Prequal prequal) {
        Member[] members = selectable.toArray(Member[]::new);
        Probed[] probed = new Probed[members.length];
        double mean = selectable.stream().mapToInt(Member::weight).average().orElse(1);
        for (int i = 0; i < members.length; i++) {
            // Without its meters a strategy is never told that a pick has begun: then chance decides.
            probed[i] = members[i].meter() instanceof Probed own ? own : new Probed(prequal, members[i].backend());
            probed[i].share(members[i].weight() / mean);
        }
        int[] weights = Weights.of(members);
        return new ProbedMembers(members, probed, Weights.areEqual(weights) ? null : AliasTable.of(weights));
    }

    boolean contains(Probed one) {
        return byProbed.containsKey(one);
    }

    /** Null for one that has left, or may not be chosen. */
    @Nullable
    Member memberOf(Probed one) {
        return byProbed.get(one);
    }

    /** Any by weight that need not be avoided and is allowed; if none is drawn, any. */
    Member draw(RandomGenerator random, long now, PickContext context) {
        int at = 0;
        for (int i = 0; i < DRAWS; i++) {
            at = draw(random);
            Probed one = probed[at];
            if (!one.isAvoided(now) && one.isAllowed(context) && one.take(now)) {
                return members[at];
            }
        }
        return members[at];
    }

    private int draw(RandomGenerator random) {
        AliasTable weighted = table;
        return weighted == null ? Mix.reduce(random.nextLong(), members.length) : weighted.draw(random);
    }

    /**
     * Some members to probe, each as likely as any: one from each of as many equal stretches, from a random start, so that
     * all differ without remembering which were drawn. With weights they are drawn by weight and may repeat.
     */
    void drawSome(int wanted, RandomGenerator random, Consumer<Probed> each) {
        int n = members.length;
        int count = Math.min(wanted, n);
        int stretch = n / Math.max(1, count);
        int start = n == 0 ? 0 : Mix.reduce(random.nextLong(), n);
        for (int i = 0; i < count; i++) {
            int at = table != null ? draw(random) : (start + i * stretch + Mix.reduce(random.nextLong(), stretch)) % n;
            each.accept(probed[at]);
        }
    }

    int count() {
        return members.length;
    }
}
