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

    /** The first values have no scale yet: their mean is a better guess than the first of them. */
    private static final int FIRST = 8;

    /** After so many, steps have shrunk to their size. */
    private static final int SETTLED = 50;

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Quantile.class, "value", double.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final double share;
    private volatile double value;
    private volatile int seen;

    Quantile(double share) {
        this.share = share;
    }

    /** 0 until the first value. */
    double value() {
        return value;
    }

    void add(double sample) {
        double now = value;
        int count = seen;
        if (count < SETTLED) {
            seen = count + 1;
            double next = count < FIRST ? now + (sample - now) / (count + 1) : step(now, sample, 1.0 / count);
            VALUE.setOpaque(this, next);
        } else {
            // Without a fence, which would cost more than everything else here.
            VALUE.setOpaque(this, step(now, sample, STEP));
        }
    }

    private double step(double now, double sample, double size) {
        return sample > now ? now * (1 + size * share) : now * (1 - size * (1 - share));
    }
}
