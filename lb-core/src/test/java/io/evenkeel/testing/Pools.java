package io.evenkeel.testing;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pools of backends named b0, b1, b2… */
public final class Pools {
    private Pools() {}

    /** The backend of that number. */
    public static Backend backend(int number) {
        return Backend.of("b" + number, "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255), 80);
    }

    /** The backends 0 to {@code count - 1}. */
    public static List<Backend> backends(int count) {
        return IntStream.range(0, count).mapToObj(Pools::backend).collect(Collectors.toCollection(ArrayList::new));
    }

    /** A pool of {@code count} backends. */
    public static BackendPool poolOf(int count) {
        return BackendPool.builder("test")
                .backends(backends(count))
                .listenerExecutor(Runnable::run)
                .build();
    }

    /** A pool of backends of these weights. */
    public static BackendPool weighted(int... weights) {
        List<Backend> backends = new ArrayList<>();
        for (int weight : weights) {
            backends.add(backend(backends.size()).withWeight(weight));
        }
        return BackendPool.builder("test")
                .backends(backends)
                .listenerExecutor(Runnable::run)
                .build();
    }

    /** The ids of the members that may be chosen. */
    public static Set<String> selectable(PoolSnapshot snapshot) {
        return snapshot.selectable().stream().map(m -> m.backend().id()).collect(Collectors.toSet());
    }

    /** The member of that id in the pool's present snapshot. */
    public static Member member(BackendPool pool, String id) {
        return pool.snapshot().member(id).orElseThrow();
    }
}
