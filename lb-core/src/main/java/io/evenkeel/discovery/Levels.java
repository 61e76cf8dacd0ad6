package io.evenkeel.discovery;

import io.evenkeel.affinity.XxHash64;
import io.evenkeel.backend.Backend;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Backends by priority, in an order that has nothing to do with that of the list, nor with names alike. */
final class Levels {

    private record Ranked(long rank, Backend backend) implements Comparable<Ranked> {
        static Ranked of(Backend backend, long seed) {
            return new Ranked(XxHash64.hash(backend.id().getBytes(StandardCharsets.UTF_8), seed), backend);
        }

        @Override
        public int compareTo(Ranked other) {
            int order = Long.compareUnsigned(rank, other.rank);
            return order != 0 ? order : backend.id().compareTo(other.backend.id());
        }
    }

    private Levels() {}

    /** What {@code part} takes of each priority; {@code seed} gives the order. Of an id that is there twice, the first. */
    static List<Backend> each(Collection<Backend> backends, long seed, UnaryOperator<List<Backend>> part) {
        Map<String, Backend> unique =
                backends.stream().collect(Collectors.toMap(Backend::id, b -> b, (first, other) -> first));
        Map<Integer, List<Backend>> levels = unique.values().stream()
                .map(backend -> Ranked.of(backend, seed))
                .sorted()
                .map(Ranked::backend)
                .collect(Collectors.groupingBy(Backend::priority, TreeMap::new, Collectors.toList()));
        List<Backend> all = new ArrayList<>();
        levels.values().forEach(level -> all.addAll(part.apply(level)));
        return List.copyOf(all);
    }
}
