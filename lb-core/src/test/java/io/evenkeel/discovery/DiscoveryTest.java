package io.evenkeel.discovery;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.ScriptedSource;
import io.evenkeel.testing.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who becomes a member, and who stays one, by what sources say. */
@Tag("membership")
class DiscoveryTest {
    private static final DiscoveryPolicy EVEN = DiscoveryPolicy.defaults().withJitter(0);

    private final VirtualTime time = new VirtualTime();
    private final BackendPool pool = BackendPool.builder("test")
            .scheduler(time)
            .nanoClock(time::nanoTime)
            .listenerExecutor(Runnable::run)
            .build();
    private final ScriptedSource source = new ScriptedSource("registry");
    private final EventLog log = new EventLog();

    private Discovery start(DiscoveryPolicy policy, BackendSource... sources) {
        Discovery discovery =
                Discovery.start(pool, List.of(sources), policy, time, new SplittableRandom(1), time::nanoTime);
        time.advance(Duration.ZERO);
        return discovery;
    }

    private Set<String> ids() {
        return pool.snapshot().members().stream().map(m -> m.backend().id()).collect(Collectors.toSet());
    }

    private void seconds(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    @Test
    @DisplayName("1. members come and go with the lists of a source, and those that stay keep their load")
    void membersFollowTheLists() {
        start(EVEN, source.answering(backends(3)));
        LoadStats load = member(pool, "b1").load();

        source.answering(List.of(backend(1), backend(2), backend(3)));
        seconds(30);

        assertEquals(Set.of("b1", "b2", "b3"), ids());
        assertSame(load, member(pool, "b1").load());
    }

    @Test
    @DisplayName("1. another address under a known id is another member")
    void anotherAddressIsAnotherMember() {
        start(EVEN, source.answering(backends(3)));
        LoadStats load = member(pool, "b1").load();

        source.answering(List.of(backend(0), Backend.of("b1", "10.0.0.99", 80), backend(2)));
        seconds(30);

        assertNotSame(load, member(pool, "b1").load());
        assertEquals("10.0.0.99", member(pool, "b1").backend().address().getHostString());
    }

    @Test
    @DisplayName("1. an empty answer keeps the last good list")
    void anEmptyAnswerKeepsTheLastGoodList() {
        Discovery discovery = start(EVEN, source.answering(backends(3)));

        source.answering(List.of());
        seconds(3600);

        assertEquals(Set.of("b0", "b1", "b2"), ids());
        assertEquals("an empty list", discovery.sources().get(0).reason());
    }

    @Test
    @DisplayName("1. after an hour without a source the pool is what the source says, within one question")
    void anHourWithoutASource() {
        pool.listen(log);
        Discovery discovery = start(EVEN.withRetry(Duration.ofSeconds(5)), source.answering(backends(2)));
        log.assertEvents("added b0", "added b1");

        source.doing(() -> {
            throw new IOException("connection refused");
        });
        seconds(3600);
        assertTrue(
                discovery.age().compareTo(Duration.ofMinutes(59)) > 0,
                discovery.age().toString());
        source.answering(List.of(backend(1), backend(5)));
        seconds(30);

        assertEquals(Set.of("b1", "b5"), ids());
        log.assertEvents(
                "registry is stale (java.io.IOException: connection refused)",
                "registry is fresh (2 backends)",
                "removed b0",
                "added b5");
        assertTrue(
                discovery.age().compareTo(Duration.ofSeconds(30)) <= 0,
                discovery.age().toString());
    }

    @Test
    void whenStaleThoseThatNoProbeFindsWellMayLeave() {
        start(EVEN.withWhenStale(WhenStale.KEEP_WELL), source.answering(backends(6)));
        pool.markDown("b4", "refused");

        source.answering(List.of());
        seconds(59);
        assertEquals(6, ids().size());
        seconds(1);

        assertEquals(Set.of("b0", "b1", "b2", "b3", "b5"), ids());
    }

    @Test
    @DisplayName("1. the pool is never emptied, not even when it is stale and nobody is well")
    void aStalePoolThatIsDownAltogetherStays() {
        start(EVEN.withWhenStale(WhenStale.KEEP_WELL), source.answering(backends(3)));
        backends(3).forEach(b -> pool.markDown(b.id(), "refused"));

        source.answering(List.of());
        seconds(3600);

        assertEquals(Set.of("b0", "b1", "b2"), ids());
        assertEquals(BackendState.DOWN, member(pool, "b0").state());
    }

    @Test
    void aSourceMayDeliverAtAnyTime() {
        start(EVEN, source.answering(backends(2)));

        source.observer().deliver(backends(3));
        time.advance(Duration.ZERO);

        assertEquals(Set.of("b0", "b1", "b2"), ids());
    }

    @Test
    @DisplayName("7. of lists that come faster than they are taken in, the newest counts and the others cost nothing")
    void ofManyListsTheNewestCounts() {
        Discovery discovery = start(EVEN, source.answering(backends(2)));
        int pending = time.pendingTasks();

        for (int i = 0; i < 10_000; i++) {
            source.observer().deliver(backends(i % 5 + 1));
        }
        assertTrue(time.pendingTasks() <= pending + 1, time.pendingTasks() + " tasks wait");
        time.advance(Duration.ZERO);

        assertEquals(5, ids().size());
        assertEquals(2, discovery.revision());
    }

    @Test
    @DisplayName("1. members put in by hand stay, and their ids are theirs")
    void membersPutInByHandStay() {
        pool.add(backend(0));
        pool.listen(log);
        Discovery discovery = start(EVEN, source.answering(List.of(Backend.of("b0", "10.9.9.9", 80), backend(1))));

        source.answering(List.of(backend(2), backend(3)));
        seconds(30);

        assertEquals(Set.of("b0", "b2", "b3"), ids());
        assertEquals(backend(0), member(pool, "b0").backend());
        assertEquals(Map.of(), discovery.notPooled());
        assertTrue(
                log.lines().contains("not pooled b0 (the pool has that id from elsewhere)"),
                log.lines().toString());
    }

    @Test
    void aMemberThatWasRemovedByHandComesBackWithTheNextAnswer() {
        start(EVEN, source.answering(backends(3)));

        pool.remove("b1");
        seconds(30);

        assertEquals(Set.of("b0", "b1", "b2"), ids());
    }

    @Test
    @DisplayName("1. two sources make one pool, and neither takes away what the other has brought")
    void twoSourcesMakeOnePool() {
        ScriptedSource other = new ScriptedSource("other").answering(List.of(backend(7), backend(8)));
        start(EVEN, source.answering(backends(2)), other);
        assertEquals(Set.of("b0", "b1", "b7", "b8"), ids());

        other.answering(List.of(backend(8)));
        source.answering(List.of());
        seconds(30);

        assertEquals(Set.of("b0", "b1", "b8"), ids());
    }

    @Test
    void anIdOfTwoSourcesIsThatOfTheFirstUntilItLetsGo() {
        Backend there = Backend.of("b1", "10.9.9.9", 80);
        ScriptedSource other = new ScriptedSource("other").answering(List.of(there, backend(8)));
        Discovery discovery = start(EVEN, source.answering(backends(3)), other);
        assertEquals(Map.of(there, "its id is in another source"), discovery.notPooled());

        source.answering(List.of(backend(0), backend(2)));
        seconds(30);

        assertEquals(there, member(pool, "b1").backend());
    }

    @Test
    void twoDiscoveriesOverOnePoolKnowNothingOfEachOther() {
        ScriptedSource other = new ScriptedSource("other").answering(List.of(backend(7), backend(8)));
        start(EVEN, source.answering(backends(2)));
        start(EVEN, other);

        other.answering(List.of(backend(7)));
        seconds(30);

        assertEquals(Set.of("b0", "b1", "b7"), ids());
    }

    @Test
    @DisplayName("1. what a filter leaves out is known but not pooled, and said once")
    void whatAFilterLeavesOutIsSaidOnce() {
        pool.listen(log);
        List<Backend> labelled = List.of(backend(0).withLabels(Map.of("role", "web")), backend(1));

        Discovery discovery =
                start(EVEN.withFilter(b -> "web".equals(b.labels().get("role"))), source.answering(labelled));
        seconds(300);

        log.assertEvents("added b0", "not pooled b1 (filtered out)");
        assertEquals(Map.of(backend(1), "filtered out"), discovery.notPooled());
    }

    @Test
    void aListOfWhichNobodyMayBeAMemberCountsAsEmpty() {
        Discovery discovery = start(EVEN.withFilter(b -> b.weight() > 50), source.answering(backends(2)));

        source.answering(List.of(backend(0).withWeight(1)));
        seconds(300);

        assertEquals(Set.of("b0", "b1"), ids());
        assertEquals("none of its 1 may be a member", discovery.sources().get(0).reason());
    }

    @Test
    @DisplayName("1. of a list that is too long those that are members stay, and no more come than there is room for")
    void aListThatIsTooLong() {
        start(EVEN.withMaxMembers(3), source.answering(List.of(backend(8), backend(9))));

        source.answering(List.of(backend(0), backend(1), backend(2), backend(8), backend(9)));
        seconds(30);

        assertEquals(Set.of("b8", "b9", "b0"), ids());
    }

    @Test
    void whileFrozenNobodyComesOrGoes() {
        Discovery discovery = start(EVEN, source.answering(backends(3)));

        discovery.freeze();
        source.answering(List.of(backend(1), backend(2), backend(5)));
        seconds(300);
        assertEquals(Set.of("b0", "b1", "b2"), ids());
        discovery.thaw();
        seconds(0);

        assertEquals(Set.of("b1", "b2", "b5"), ids());
    }

    @Test
    void revisionsCountChangesAndNotAnswers() {
        Discovery discovery = start(EVEN, source.answering(backends(2)));
        seconds(300);
        assertEquals(1, discovery.revision());

        source.answering(List.of(backend(1), backend(0))); // the same in another order
        seconds(30);
        assertEquals(1, discovery.sources().get(0).revision());
        source.answering(backends(3));
        seconds(30);

        assertEquals(2, discovery.revision());
        assertEquals(2, discovery.sources().get(0).revision());
        assertEquals(3, discovery.sources().get(0).size());
    }

    @Test
    void afterCloseNobodyIsAskedAndTheMembersStay() {
        Discovery discovery = start(EVEN, source.answering(backends(2)));

        discovery.close();
        discovery.close();
        source.observer().deliver(backends(5));
        seconds(300);

        assertEquals(Set.of("b0", "b1"), ids());
        assertEquals(1, source.asked());
        assertEquals(1, source.closed());
        assertEquals(0, time.pendingTasks());
    }
}
