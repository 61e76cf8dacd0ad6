package io.evenkeel.benchmarks.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Four panels of one scenario: success, and three quantiles of latency. Reads on light and on dark paper. */
record Plot(List<Result> results) {
    private static final String STYLE = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 562" font-family="ui-sans-serif, system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12">
            <style>
            .paper { fill: #ffffff } .head { fill: #1f2328; font-size: 15px; font-weight: 600 }
            .title { fill: #1f2328; font-weight: 600 } .tick { fill: #59636e; font-size: 11px }
            .grid { stroke: #d1d9e0; stroke-width: .7 } .trouble { fill: #818b98; fill-opacity: .13 }
            .line { fill: none; stroke-width: 1.7; stroke-linejoin: round } .label { font-weight: 600; font-size: 11px }
            @media (prefers-color-scheme: dark) {
            .paper { fill: #0d1117 } .head, .title { fill: #f0f6fc } .tick { fill: #9198a1 } .grid { stroke: #3d444d }
            }
            </style>
            """;

    private static final double LEFT = 52;
    private static final double TOP = 66;
    private static final double ACROSS = 505;
    private static final double DOWN = 262;

    /** The value of a figure in one second. */
    private interface BySecond {
        double of(Recording recording, int second);
    }

    String svg() {
        Scenario scenario = results.get(0).scenario();
        BySecond[] quantiles = {quantile(0.5), quantile(0.99), quantile(0.999)};
        String[] names = {"p50 of latency, ms", "p99 of latency, ms", "p99.9 of latency, ms"};
        StringBuilder svg = new StringBuilder(STYLE);
        svg.append("<rect class=\"paper\" width=\"1000\" height=\"562\" rx=\"8\"/>\n")
                .append("<text class=\"head\" x=\"" + LEFT + "\" y=\"28\">" + scenario.title() + "</text>\n");
        svg.append(panel("answered in time, %", 0, Recording::successPercent, false)
                .svg(scenario.troubles()));
        for (int i = 0; i < quantiles.length; i++) {
            svg.append(panel(names[i], i + 1, quantiles[i], true).svg(scenario.troubles()));
        }
        return svg.append("</svg>\n").toString();
    }

    /** Over the second and its neighbours: of one second alone, a handful of requests would decide. */
    private static BySecond quantile(double part) {
        return (recording, second) -> {
            Latencies around = new Latencies();
            for (int i = Math.max(0, second - 1); i <= Math.min(recording.seconds() - 1, second + 1); i++) {
                around.add(recording.latencies(i));
            }
            return around.quantileMillis(part);
        };
    }

    private Panel panel(String title, int place, BySecond figure, boolean isLogarithmic) {
        List<Panel.Line> lines = results.stream()
                .map(result -> new Panel.Line(result.contender(), values(result.sum(), figure)))
                .toList();
        double least = all(lines).min().orElse(1);
        double most = all(lines).max().orElse(1);
        Scale scale = isLogarithmic ? Scale.logarithmic(least, most) : Scale.linear(Math.min(least, 99.5), 100);
        Scale time = Scale.exact(0, results.get(0).sum().seconds());
        return new Panel(title, LEFT + place % 2 * ACROSS, TOP + place / 2 * DOWN, time, scale, lines);
    }

    private double[] values(Recording recording, BySecond figure) {
        int first = results.get(0).scenario().warmUpSeconds();
        return IntStream.range(0, recording.seconds())
                .mapToDouble(second -> second < first ? Double.NaN : figure.of(recording, second))
                .toArray();
    }

    private static DoubleStream all(List<Panel.Line> lines) {
        return lines.stream()
                .flatMapToDouble(line -> Arrays.stream(line.values()))
                .filter(value -> !Double.isNaN(value));
    }
}
