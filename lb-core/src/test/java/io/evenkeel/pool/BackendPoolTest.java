package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.poolOf;
import static io.evenkeel.testing.Pools.selectable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.event.Subscription;
import io.evenkeel.testing.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackendPoolTest {
    @Test
    void aSnapshotDoesNotChangeWhenThePoolDoes() {
        BackendPool pool = poolOf(2);
        PoolSnapshot before = pool.snapshot();

        pool.add(backend(2));

        assertEquals(2, before.members().size());
        assertEquals(3, pool.snapshot().members().size());
        assertTrue(pool.snapshot().version() > before.version());
    }

    @Test
    void aMemberThatStaysKeepsHealthAndLoadWhateverElseChanges() {
        BackendPool pool = poolOf(2);
        pool.markDown("b0", "refused");
        Pick pick = member(pool, "b1").pick();

        pool.replace(List.of(backend(0).withWeight(7), backend(1).withWeight(8), backend(2)));

        assertEquals(BackendState.DOWN, member(pool, "b0").state());
        assertEquals(7, member(pool, "b0").weight());
        assertEquals(1, member(pool, "b1").load().inFlight());
        pick.report(Outcome.SUCCESS);
        assertEquals(1, member(pool, "b1").load().successes());
    }

    @Test
    void anotherAddressUnderAKnownIdStartsAnew() {
        BackendPool pool = poolOf(1);
        LoadStats before = member(pool, "b0").load();
        pool.markDown("b0", "refused");

        pool.replace(List.of(Backend.of("b0", "10.9.9.9", 80)));

        assertEquals(BackendState.UP, member(pool, "b0").state());
        assertNotSame(before, member(pool, "b0").load());
    }

    @Test
    void aVerdictAboutAMemberDoesNotReachAnotherThatHasItsIdMeanwhile() {
        BackendPool pool = poolOf(2);
        pool.beginProbing();
        Member before = member(pool, "b0");
        pool.replace(List.of(Backend.of("b0", "10.9.9.9", 80), backend(1)));

        assertEquals(List.of(), pool.judge(List.of(new Verdict(before, true, "answered"))));
        assertEquals(BackendState.UNPROBED, member(pool, "b0").state());

        pool.markUp("b0", "answered");
        pool.markUp("b1", "answered");
        assertEquals(List.of(), pool.judge(List.of(new Verdict(before, false, "refused"))));
        assertFalse(pool.eject(before, Duration.ofSeconds(30), "test", 100, 100));
        assertEquals(BackendState.UP, member(pool, "b0").state());

        assertTrue(pool.eject(member(pool, "b0"), Duration.ofSeconds(30), "test", 100, 100));
        assertFalse(pool.endEjection(before));
        assertEquals(BackendState.EJECTED, member(pool, "b0").state());
    }

    @Test
    void aVerdictReachesAMemberThatWasDeclaredAnew() {
        BackendPool pool = poolOf(2);
        Member before = member(pool, "b0");
        pool.replace(List.of(backend(1), backend(0).withWeight(7)));

        Verdict refused = new Verdict(before, false, "refused");
        assertEquals(List.of(refused), pool.judge(List.of(refused)));
        assertEquals("refused", member(pool, "b0").reason());
        pool.judge(List.of(new Verdict(before, true, "answered")));
        assertTrue(pool.eject(before, Duration.ofSeconds(30), "test", 50, 100));
        assertTrue(pool.endEjection(before));
        assertTrue(member(pool, "b0").isOnTrial());
    }

    @Test
    void manyVerdictsAreOneChangeAndTheLastAboutAMemberCounts() {
        BackendPool pool = poolOf(3);
        List<Long> versions = new ArrayList<>();
        EventLog log = new EventLog();
        pool.subscribe(snapshot -> versions.add(snapshot.version()));
        pool.listen(log);
        Member b0 = member(pool, "b0");
        Member b1 = member(pool, "b1");

        pool.judge(List.of(
                new Verdict(b0, false, "refused"), new Verdict(b1, false, "reset"), new Verdict(b1, true, "answered")));
        pool.judge(List.of(new Verdict(b0, false, "refused"), new Verdict(b1, true, "answered")));

        assertEquals(2, Set.copyOf(versions).size());
        assertEquals(Set.of("b1", "b2"), selectable(pool.snapshot()));
        log.assertEvents("b0 UP -> DOWN (refused)", "b1 UP -> DOWN (reset)", "b1 DOWN -> UP (answered)");
    }

    @Test
    void aBackendInTwoPoolsHasAStateInEach() {
        BackendPool one = BackendPool.of("one", backend(0));
        BackendPool two = BackendPool.of("two", backend(0));

        one.markDown("b0", "refused");

        assertEquals(Set.of(), selectable(one.snapshot()));
        assertEquals(Set.of("b0"), selectable(two.snapshot()));
    }

    @Test
    void replaceTellsOnlyTheDifference() {
        BackendPool pool = poolOf(3);
        EventLog log = new EventLog();
        pool.listen(log);

        pool.replace(List.of(backend(1), backend(3), Backend.of("b2", "10.9.9.9", 80)));

        log.assertEvents("removed b0", "removed b2", "added b3", "added b2");
    }

    @Test
    void aDuplicateIsRefusedAndNothingIsAdded() {
        BackendPool pool = poolOf(2);
        long version = pool.snapshot().version();

        IllegalArgumentException known =
                assertThrows(IllegalArgumentException.class, () -> pool.add(backend(5), backend(1)));
        IllegalArgumentException twice =
                assertThrows(IllegalArgumentException.class, () -> pool.add(backend(5), backend(5)));
        assertThrows(IllegalArgumentException.class, () -> pool.replace(List.of(backend(5), backend(5))));

        assertEquals("backend: \"b1\" (expected: an id that is not yet in pool \"test\")", known.getMessage());
        assertEquals("backend: \"b5\" (expected: an id that is not yet in pool \"test\")", twice.getMessage());
        assertEquals(version, pool.snapshot().version());
        pool.add(backend(5)); // nothing of the refused change was left behind
    }

    @Test
    void anUnknownIdCannotBeRemoved() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> poolOf(1).remove("vm9"));

        assertEquals("backend: \"vm9\" (expected: an id that is in pool \"test\")", refused.getMessage());
    }

    @Test
    void aNameIsNeeded() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> BackendPool.of(" "));

        assertEquals("name: \" \" (expected: a name)", refused.getMessage());
    }

    @Test
    void whileProbedAMemberIsOutUntilSomebodyVouchesForIt() {
        BackendPool pool = poolOf(2);

        pool.beginProbing();
        pool.add(backend(2));
        assertEquals(Set.of(), selectable(pool.snapshot()));
        assertEquals(3, pool.snapshot().out());

        pool.markUp("b2", "status 200");
        assertEquals(Set.of("b2"), selectable(pool.snapshot()));

        pool.endProbing();
        assertEquals(Set.of("b0", "b1", "b2"), selectable(pool.snapshot()));
    }

    @Test
    void onlyOneMonitorAtATime() {
        BackendPool pool = poolOf(1);
        pool.beginProbing();

        assertThrows(IllegalStateException.class, pool::beginProbing);
    }

    @Test
    void aVerdictOnSomebodyWhoHasLeftChangesNothing() {
        BackendPool pool = poolOf(1);
        long version = pool.snapshot().version();

        assertFalse(pool.markUp("b9", "late"));
        assertFalse(pool.markDown("b9", "late"));

        assertEquals(version, pool.snapshot().version());
    }

    @Test
    void weightZeroAndHigherPriorityNumbersGetNothingWhileOthersAreWell() {
        BackendPool pool = BackendPool.of(
                "test", backend(0), backend(1).withWeight(0), backend(2).withPriority(1));

        assertEquals(Set.of("b0"), selectable(pool.snapshot()));

        pool.markDown("b0", "refused");
        assertEquals(Set.of("b2"), selectable(pool.snapshot()));
    }

    @Test
    void aSubscriberGetsThePresentSnapshotAndEachOneAfterIt() {
        BackendPool pool = poolOf(1);
        List<Integer> sizes = new ArrayList<>();

        Subscription subscription = pool.subscribe(s -> sizes.add(s.members().size()));
        pool.add(backend(1));
        subscription.close();
        pool.add(backend(2));

        assertEquals(List.of(1, 2), sizes);
    }

    @Test
    void eventsComeInTheOrderOfTheChangesEvenIfAListenerCausesMore() {
        BackendPool pool = poolOf(1);
        EventLog log = new EventLog();
        pool.listen(new LoadBalancerListener() {
            @Override
            public void memberAdded(String name, Backend added) {
                if (added.id().equals("b1")) {
                    pool.remove("b0");
                }
            }
        });
        pool.listen(log);

        pool.add(backend(1), backend(2));

        log.assertEvents("added b1", "added b2", "removed b0");
    }

    @Test
    void aListenerOrSubscriberThatThrowsHarmsNobody() {
        BackendPool pool = poolOf(1);
        EventLog log = new EventLog();
        pool.listen(new LoadBalancerListener() {
            @Override
            public void picked(String name, Backend picked) {
                throw new AssertionError("on purpose");
            }

            @Override
            public void memberAdded(String name, Backend added) {
                throw new IllegalStateException("on purpose");
            }
        });
        pool.listen(log);
        Subscription subscription = pool.subscribe(s -> {
            throw new IllegalStateException("on purpose");
        });

        pool.add(backend(1));
        member(pool, "b1").pick().report(Outcome.SUCCESS);

        log.assertEvents("added b1", "picked b1", "completed b1 SUCCESS");
        assertEquals(4, pool.faults().count()); // the subscriber twice, memberAdded, picked
        subscription.close();
    }

    @Test
    void aVerdictThatChangesNothingMakesNoNewSnapshot() {
        BackendPool pool = poolOf(1);
        pool.markDown("b0", "refused");
        PoolSnapshot before = pool.snapshot();

        pool.markDown("b0", "refused");

        assertSame(before, pool.snapshot());
    }

    @Test
    void aHundredThousandMembersAreTheLimit() {
        BackendPool pool = BackendPool.of("big");

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> pool.add(backends(100_001)));

        assertEquals("members: 100001 (expected: <= 100000)", refused.getMessage());
        assertTrue(pool.snapshot().members().isEmpty());
    }
}
