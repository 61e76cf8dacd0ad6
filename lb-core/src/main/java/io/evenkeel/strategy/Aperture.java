package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Looks at a few members of a large pool only, and at twice as many when those are busy: whoever asks few members often
 * knows them better than whoever asks many seldom. Each client has an order of its own, in which members keep their places.
 */
final class Aperture {
    /** Up to here a pool is looked at as a whole. */
    private static final int SMALL_POOL = 16;

    private static final int LEAST = 8;

    /** More than this in flight, on average, at the best of those that were looked at: then others may have nothing to do. */
    private static final double OPEN = 0.2;

    private static final double CLOSE = 0.05;

    /** A member that fails is as good as busy. */
    private static final double FAILING = 2;

    private static final double GAIN = 0.01;

    private Integer[] order = {}; // of the members by place; for one thread at a time
    private volatile int step;
    private volatile int steps = 1;
    private volatile double busy = (OPEN + CLOSE) / 2;

    /** A selector over as many members as there is need for; {@code selectors} makes one for each width. */
    Selector over(List<Member> members, Function<List<Member>, Selector> selectors) {
        if (members.size() <= SMALL_POOL) {
            steps = 1;
            return selectors.apply(members);
        }
        List<Member> ordered = inOrder(members);
        List<Selector> widths = new ArrayList<>();
        for (int width = LEAST; width < members.size(); width *= 2) {
            widths.add(selectors.apply(ordered.subList(0, width)));
        }
        widths.add(selectors.apply(ordered));
        Selector[] all = widths.toArray(Selector[]::new);
        steps = all.length;
        return context -> all[Math.min(step, all.length - 1)].select(context);
    }

    /**
     * By place. Begins with the order of the last time: where few have given way to others, that is nearly right, and one
     * walk finds it so.
     */
    private List<Member> inOrder(List<Member> members) {
        int n = members.size();
        long[] places = new long[n];
        for (int i = 0; i < n; i++) {
            places[i] = place(members.get(i));
        }
        if (order.length != n) {
            order = new Integer[n];
            Arrays.setAll(order, i -> i);
        }
        Arrays.sort(order, Comparator.comparingLong(i -> places[i]));
        Member[] ordered = new Member[n];
        Arrays.setAll(ordered, i -> members.get(order[i]));
        return Arrays.asList(ordered);
    }

    private static long place(Member member) {
        return member.meter() instanceof Experience experience ? experience.place() : 0;
    }

    /** Tells who was chosen: somebody busy or failing is a sign that more should be looked at. */
    void chose(Experience chosen) {
        double load = (double) chosen.inFlight() + (chosen.isFailing() ? FAILING : 0);
        double before = busy;
        double after = before + (load - before) * GAIN;
        int seen = step;
        if (after > OPEN && seen < steps - 1) {
            step = seen + 1;
            after /= 2;
        } else if (after < CLOSE && seen > 0) {
            step = seen - 1;
            after *= 2;
        }
        busy = after;
    }
}
