package io.evenkeel.benchmarks.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An axis: where values are on it, and which of them are written beside it. */
record Scale(double low, double high, boolean isLogarithmic, double step) {

    /** Even steps, about five of them, from a round number to another. */
    static Scale linear(double from, double to) {
        double rough = Math.max(to - from, 1e-9) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
        return new Scale(step * Math.floor(from / step), step * Math.ceil(to / step - 1e-9), false, step);
    }

    /** Even steps up to just that end. */
    static Scale exact(double from, double to) {
        return new Scale(from, to, false, linear(from, to).step());
    }

    /** Steps of 1, 2 and 5, ends included. */
    static Scale logarithmic(double from, double to) {
        return new Scale(below(from), above(Math.max(to, 2 * from)), true, 0);
    }

    private static double below(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        return value >= 5 * power ? 5 * power : value >= 2 * power ? 2 * power : power;
    }

    private static double above(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        return value <= power ? power : value <= 2 * power ? 2 * power : value <= 5 * power ? 5 * power : 10 * power;
    }

    /** 0 at the low end, 1 at the high end; what is beyond stays at the end. */
    double part(double value) {
        double part = isLogarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
        return Math.min(1, Math.max(0, part));
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (isLogarithmic) {
            for (double tick = low; tick <= high * 1.001; tick = above(tick * 1.001)) {
                ticks.add(tick);
            }
        } else {
            for (int i = 0; low + i * step <= high + step / 1000; i++) {
                ticks.add(low + i * step);
            }
        }
        return ticks;
    }

    static String label(double tick) {
        return tick == Math.rint(tick)
                ? String.format(Locale.ROOT, "%,.0f", tick)
                : String.format(Locale.ROOT, "%.2f", tick).replaceAll("0+$", "");
    }
}
