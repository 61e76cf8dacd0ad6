package io.evenkeel.strategy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Looks at a few members of a large pool only, and at twice as many when those are busy: whoever asks few members often
 * knows them better than whoever asks many seldom. Each client has an order of its own, in which members keep their places.
 */
final class Aperture {
    /** Up to here a pool is looked at as a whole. */
    static final int SMALL_POOL = 16;

    private static final int LEAST = 8;

    /** More than this in flight, on average, at the best of those that were looked at: then others may have nothing to do. */
    private static final double OPEN = 0.2;

    private static final double CLOSE = 0.05;

    /** A member that fails is as good as busy. */
    private static final double FAILING = 2;

    private static final double GAIN = 0.01;

    private volatile int step;
    private volatile int steps = 1;
    private volatile double busy = (OPEN + CLOSE) / 2;

    /** A selector over as many of the members as there is need for; {@code selectors} makes one for each width. */
    Selector over(int members, IntFunction<Selector> selectors) {
        if (members <= SMALL_POOL) {
            steps = 1;
            return selectors.apply(members);
        }
        List<Selector> widths = new ArrayList<>();
        for (int width = LEAST; width < members; width *= 2) {
            widths.add(selectors.apply(width));
        }
        widths.add(selectors.apply(members));
        Selector[] all = widths.toArray(Selector[]::new);
        steps = all.length;
        return context -> all[Math.min(step, all.length - 1)].select(context);
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
