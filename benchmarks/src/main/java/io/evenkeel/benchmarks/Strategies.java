package io.evenkeel.benchmarks;

import io.evenkeel.backend.Backend;
import io.evenkeel.strategy.LoadMetric;
import io.evenkeel.strategy.SelectionStrategy;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The strategies that are measured, and the backends that all of them get. */
final class Strategies {
    private static final Duration DECAY = Duration.ofSeconds(10);

    private Strategies() {}

    static SelectionStrategy named(String name) {
        return switch (name) {
            case "round robin", "weighted round robin" -> SelectionStrategy.roundRobin();
            case "random" -> SelectionStrategy.random();
            case "two choices" -> SelectionStrategy.leastLoaded();
            case "peak EWMA" -> SelectionStrategy.leastLoaded(2, LoadMetric.peakEwma(DECAY));
            case "adaptive" -> SelectionStrategy.adaptive();
            case "pinned" -> SelectionStrategy.pinned();
            case "Maglev" -> SelectionStrategy.maglev();
            case "bounded Maglev" -> SelectionStrategy.boundedLoad(SelectionStrategy.maglev());
            case "ring hash" -> SelectionStrategy.ringHash();
            default -> throw new IllegalArgumentException("strategy: \"" + name + "\" (expected: a known one)");
        };
    }

    /** Backends for a strategy: of weights 1 to 10 where its name says so. */
    static List<Backend> backends(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> backend(name, i)).toList();
    }

    static Backend backend(String name, int i) {
        Backend backend = Backend.of("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), 80);
        return name.startsWith("weighted") ? backend.withWeight(1 + i % 10) : backend;
    }
}
