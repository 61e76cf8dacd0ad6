package io.evenkeel.discovery;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.ScriptedSource;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class RemovalLimitTest {
    private final VirtualTime time = new VirtualTime();
    private final BackendPool pool = BackendPool.builder("test")
            .scheduler(time)
            .nanoClock(time::nanoTime)
            .listenerExecutor(Runnable::run)
            .build();
    private final ScriptedSource source = new ScriptedSource("registry");
    private final EventLog log = new EventLog();
    private Discovery discovery;

    private void start(List<Backend> first) {
        DiscoveryPolicy policy = DiscoveryPolicy.defaults().withJitter(0).withRefresh(Duration.ofSeconds(10));
        source.answering(first);
        discovery = Discovery.start(pool, List.of(source), policy, time, new SplittableRandom(1), time::nanoTime);
        time.advance(Duration.ZERO);
        pool.listen(log);
    }

    private Set<String> ids() {
        return pool.snapshot().members().stream().map(m -> m.backend().id()).collect(Collectors.toSet());
    }

    private void seconds(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    @Test
    @DisplayName("7. discovery takes away a third of the pool in a minute and no more")
    void aThirdInAMinute() {
        start(backends(12));
        source.answering(List.of(backend(11)));

        seconds(10);
        assertEquals(8, ids().size()); // 12 / 3 = 4 are gone
        seconds(59);
        assertEquals(8, ids().size());
        seconds(1);
        assertEquals(6, ids().size()); // 8 / 3 = 2
        seconds(60);
        assertEquals(4, ids().size()); // 6 / 3 = 2
        seconds(180);
        assertEquals(Set.of("b11"), ids()); // one in each minute

        assertTrue(
                log.lines().containsAll(List.of("held 7", "held 5", "held 3", "held 0")),
                log.lines().toString());
    }

    @Test
    @DisplayName("7. in no minute of random lists more than a third leaves, but for lists that lack one member only")
    void inNoMinuteMoreThanAThirdLeaves() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            RemovalLimit limit = new RemovalLimit(1 / 3.0);
            int members = 1 + random.nextInt(60);
            List<long[]> gone = new ArrayList<>();
            long now = 0;
            for (int step = 0; step < 50; step++) {
                now += Duration.ofMillis(random.nextInt(40_000)).toNanos();
                int removed = Math.min(limit.allowed(members, now), random.nextInt(members + 1));
                limit.note(removed, now);
                members = members - removed + random.nextInt(3) + (members == removed ? 1 : 0);
                gone.add(new long[] {now, removed, members});

                long since = now - Duration.ofMinutes(1).toNanos();
                long inAMinute = gone.stream()
                        .filter(g -> g[0] > since)
                        .mapToLong(g -> g[1])
                        .sum();
                // Those who left within the minute were there at its beginning, or came since: never more than
                // were there before this step plus all who had left.
                assertTrue(inAMinute <= Math.max(1, (members + inAMinute) / 3.0 + 1e-6), inAMinute + " of " + members);
            }
        }
    }

    @Test
    @DisplayName("7. one member that leaves is never held up, however many have left before")
    void oneMemberIsNeverHeldUp() {
        start(backends(4));

        for (int left = 3; left > 0; left--) {
            source.answering(backends(left));
            seconds(10);
            assertEquals(left, ids().size());
        }
        log.assertEvents("removed b3", "removed b2", "removed b1");
    }

    @Test
    @DisplayName("7. members that are not well leave first")
    void membersThatAreNotWellLeaveFirst() {
        start(backends(6));
        pool.markDown("b2", "refused");
        pool.markDown("b4", "refused");

        source.answering(List.of(backend(0)));
        seconds(10);

        assertEquals(Set.of("b0", "b1", "b3", "b5"), ids());
    }

    @Test
    @DisplayName("7. members that a later list names again do not leave")
    void aLaterListBringsThemBack() {
        start(backends(9));

        source.answering(List.of(backend(8)));
        seconds(10);
        assertEquals(5, discovery.held());
        source.answering(backends(9));
        seconds(300);

        assertEquals(9, ids().size());
        assertEquals(0, discovery.held());
    }

    @Test
    void withoutALimitAllLeaveAtOnce() {
        source.answering(backends(9));
        Discovery.start(
                pool,
                List.of(source),
                DiscoveryPolicy.defaults().withJitter(0).withMaxRemovedRatio(1),
                time,
                new SplittableRandom(1),
                time::nanoTime);
        seconds(1);

        source.answering(backends(1));
        seconds(30);

        assertEquals(Set.of("b0"), ids());
    }
}
