package io.evenkeel.strategy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A quantile of what passes by, from one number: each value above pulls it up a little, and each below pulls it down, by
 * as much as keeps the balance at the share that is wanted. Follows a shift by a factor of two within about a hundred
 * values. Written without a lock: a lost value is one of many.
 *
 * <p>Source: stochastic approximation of a quantile (Robbins and Monro, 1951), with steps in proportion to the value, so
 * that it needs no scale.
 */
final class Quantile {
    private static final double STEP = 0.02;
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Quantile.class, "value", double.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final double up;
    private final double down;
    private volatile double value;

    Quantile(double share) {
        this.up = 1 + STEP * share;
        this.down = 1 - STEP * (1 - share);
    }

    /** 0 until the first value. */
    double value() {
        return value;
    }

    void add(double sample) {
        double now = value();
        // Without a fence, which would cost more than everything else here.
        VALUE.setOpaque(this, now == 0 ? sample : sample > now ? now * up : now * down);
    }
}
