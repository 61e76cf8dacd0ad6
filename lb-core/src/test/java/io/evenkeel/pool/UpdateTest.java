package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.evenkeel.testing.EventLog;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("membership")
class UpdateTest {
    private final BackendPool pool = poolOf(3);
    private final EventLog log = new EventLog();

    private List<String> ids() {
        return pool.snapshot().members().stream().map(m -> m.backend().id()).toList();
    }

    @Test
    @DisplayName("1. an update adds, changes and removes in one step, and leaves all others alone")
    void anUpdateIsOneStep() {
        pool.listen(log);
        long version = pool.snapshot().version();
        LoadStats load = member(pool, "b1").load();

        pool.update(List.of(backend(1).withWeight(7), backend(5)), Set.of("b0", "b9"));

        assertEquals(List.of("b1", "b2", "b5"), ids());
        assertEquals(7, member(pool, "b1").backend().weight());
        assertSame(load, member(pool, "b1").load());
        assertEquals(version + 1, pool.snapshot().version());
        log.assertEvents("removed b0", "added b5");
    }

    @Test
    @DisplayName("from 3 to 8 and back in two steps, five are told of as added and as removed, and nobody else")
    void extrasThatVanishAtOnceAreTheOnlyNews() {
        pool.listen(log);
        long version = pool.snapshot().version();
        List<LoadStats> loads = loads();

        pool.replace(backends(8));
        pool.replace(backends(3));

        assertEquals(version + 2, pool.snapshot().version());
        assertEquals(loads, loads());
        log.assertEvents(
                "added b3",
                "added b4",
                "added b5",
                "added b6",
                "added b7",
                "removed b3",
                "removed b4",
                "removed b5",
                "removed b6",
                "removed b7");
    }

    private List<LoadStats> loads() {
        return pool.snapshot().members().stream().map(Member::load).toList();
    }

    @Test
    void whoIsPutAndLeavesAtOnceStays() {
        LoadStats load = member(pool, "b0").load();

        pool.update(List.of(backend(0).withWeight(7)), Set.of("b0"));

        assertSame(load, member(pool, "b0").load());
        assertEquals(7, member(pool, "b0").backend().weight());
    }
}
