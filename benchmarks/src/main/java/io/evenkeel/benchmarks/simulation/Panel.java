package io.evenkeel.benchmarks.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** One diagram: a figure over the seconds of a scenario, a line for each contender, its name at the line's end. */
record Panel(String title, double x, double y, Scale time, Scale scale, List<Line> lines) {
    static final double WIDTH = 345;
    static final double HEIGHT = 190;

    private static final double LABEL_HEIGHT = 13;

    /** The values of one contender, second by second; NaN where there is none. */
    record Line(Contender contender, double[] values) {
        double last() {
            for (int i = values.length - 1; i > 0; i--) {
                if (!Double.isNaN(values[i])) {
                    return values[i];
                }
            }
            return values[0];
        }
    }

    String svg(List<double[]> troubles) {
        StringBuilder svg = new StringBuilder();
        svg.append(format("<text class=\"title\" x=\"%.0f\" y=\"%.0f\">%s</text>\n", x, y - 10, title));
        for (double[] trouble : troubles) {
            double from = xOf(trouble[0]);
            svg.append(format(
                    "<rect class=\"trouble\" x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%.0f\"/>\n",
                    from, y, xOf(trouble[1]) - from, HEIGHT));
        }
        for (double tick : scale.ticks()) {
            svg.append(format(
                    "<path class=\"grid\" d=\"M%.0f %.1fh%.0f\"/><text class=\"tick\" x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                    x, yOf(tick), WIDTH, x - 6, yOf(tick) + 4, Scale.label(tick)));
        }
        for (double tick : time.ticks()) {
            svg.append(format(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">%s</text>\n",
                    xOf(tick), y + HEIGHT + 16, Scale.label(tick) + (tick == 0 ? " s" : "")));
        }
        lines.forEach(line -> svg.append(path(line)));
        return svg.append(labels()).toString();
    }

    private double xOf(double seconds) {
        return x + WIDTH * time.part(seconds);
    }

    private double yOf(double value) {
        return y + HEIGHT * (1 - scale.part(value));
    }

    private String path(Line line) {
        StringBuilder path = new StringBuilder();
        boolean isDown = false;
        for (int second = 0; second < line.values().length; second++) {
            double value = line.values()[second];
            if (!Double.isNaN(value)) {
                path.append(format("%s%.1f %.1f", isDown ? "L" : "M", xOf(second + 0.5), yOf(value)));
            }
            isDown = !Double.isNaN(value);
        }
        return format(
                "<path class=\"line\" stroke=\"%s\" d=\"%s\"/>\n",
                line.contender().color(), path);
    }

    /** From the top down, each at the end of its line, or as near as the ones above it allow. */
    private String labels() {
        List<Line> byHeight = new ArrayList<>(lines);
        byHeight.sort(Comparator.comparingDouble(line -> yOf(line.last())));
        double[] at = byHeight.stream().mapToDouble(line -> yOf(line.last())).toArray();
        for (int i = 1; i < at.length; i++) {
            at[i] = Math.max(at[i], at[i - 1] + LABEL_HEIGHT);
        }
        // Those that were pushed out at the bottom push the others up again.
        for (int i = at.length - 1; i >= 0; i--) {
            double most = i == at.length - 1 ? y + HEIGHT - LABEL_HEIGHT / 2 : at[i + 1] - LABEL_HEIGHT;
            at[i] = Math.min(at[i], most);
        }
        StringBuilder svg = new StringBuilder();
        for (int i = 0; i < at.length; i++) {
            Contender contender = byHeight.get(i).contender();
            svg.append(format(
                    "<text class=\"label\" fill=\"%s\" x=\"%.0f\" y=\"%.1f\">%s</text>\n",
                    contender.color(), x + WIDTH + 6, at[i] + 4, contender.name()));
        }
        return svg.toString();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
