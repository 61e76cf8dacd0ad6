package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.LoadMetric;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session that lives on one backend, whatever the strategy of the others. */
class PreferenceTest {
    private final VirtualTime time = new VirtualTime();
    private final BackendPool pool = BackendPool.builder("test")
            .backends(backends(4))
            .scheduler(time)
            .nanoClock(time::nanoTime)
            .build();
    private final PickContext session = PickContext.keyed(7).preferring(backend(2));

    static Stream<SelectionStrategy> strategies() {
        return Stream.of(
                SelectionStrategy.roundRobin(),
                SelectionStrategy.random(),
                SelectionStrategy.leastLoaded(),
                SelectionStrategy.leastLoaded(3, LoadMetric.peakEwma(Duration.ofSeconds(10))),
                SelectionStrategy.leastLoaded(2, LoadMetric.reportedUtilization()),
                SelectionStrategy.maglev(),
                SelectionStrategy.pinned(),
                snapshot -> context -> snapshot.selectable().isEmpty()
                        ? null
                        : snapshot.selectable().get(0));
    }

    private LoadBalancer balancer(SelectionStrategy strategy) {
        return LoadBalancer.over(pool).strategy(strategy).build();
    }

    private static String pick(LoadBalancer balancer, PickContext context) throws NoBackendException {
        try (Pick pick = balancer.pick(context)) {
            return pick.backend().id();
        }
    }

    private static Set<String> pickMany(LoadBalancer balancer, PickContext context) throws NoBackendException {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            ids.add(pick(balancer, context));
        }
        return ids;
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void everyPickGoesToWhomItPrefers(SelectionStrategy strategy) throws NoBackendException {
        assertEquals(Set.of("b2"), pickMany(balancer(strategy), session));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void whileThatOneIsOutTheStrategyChooses(SelectionStrategy strategy) throws NoBackendException {
        LoadBalancer balancer = balancer(strategy);

        pool.markDown("b2", "refused");
        assertNotEquals("b2", pick(balancer, session));
        pool.markUp("b2", "answered");

        assertEquals(Set.of("b2"), pickMany(balancer, session));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void whoIsExcludedIsNotPreferred(SelectionStrategy strategy) throws NoBackendException {
        LoadBalancer balancer = balancer(strategy);

        for (int i = 0; i < 50; i++) {
            assertNotEquals("b2", pick(balancer, session.excluding(backend(2))));
        }
        assertEquals(Set.of("b2"), pickMany(balancer, session.excluding(backend(0))));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void oneOnTrialTakesOnePickAndTheOthersGoElsewhere(SelectionStrategy strategy) throws NoBackendException {
        LoadBalancer balancer = balancer(strategy);
        pool.eject(member(pool, "b2"), Duration.ofSeconds(30), "on purpose", 50, 50);
        time.advance(Duration.ofSeconds(31));

        Pick trial = balancer.pick(session);
        assertEquals("b2", trial.backend().id());
        assertNotEquals("b2", pick(balancer, session));
        trial.report(Outcome.SUCCESS);

        assertEquals("b2", pick(balancer, session));
    }

    @Test
    void whoHasLeftOrWasNeverThereIsNotMissed() throws NoBackendException {
        LoadBalancer balancer = balancer(SelectionStrategy.roundRobin());

        pool.remove("b2");

        assertEquals(Set.of("b0", "b1", "b3"), pickMany(balancer, session));
        assertEquals(
                Set.of("b0", "b1", "b3"), pickMany(balancer, PickContext.none().preferring(backend(9))));
    }

    @Test
    void sessionsDoNotTakeTheTurnsOfOthers() throws NoBackendException {
        LoadBalancer balancer = balancer(SelectionStrategy.roundRobin());
        List<String> others = new ArrayList<>();

        for (int i = 0; i < 8; i++) {
            others.add(pick(balancer, PickContext.none()));
            pick(balancer, session);
        }

        assertEquals(others.subList(0, 4), others.subList(4, 8));
        assertEquals(4, Set.copyOf(others).size());
    }

    @Test
    void sessionsMoveNoPin() throws NoBackendException {
        LoadBalancer balancer = balancer(SelectionStrategy.pinned());
        String pinned = pick(balancer, PickContext.none());

        pickMany(balancer, PickContext.none().preferring(backend(pinned.equals("b0") ? 1 : 0)));

        assertEquals(pinned, pick(balancer, PickContext.none()));
    }

    @Test
    void theTextOfAContextNamesWhomItPrefers() {
        assertEquals("PickContext[key=7, preferring b2]", session.toString());
        assertEquals(
                "PickContext[key=7, excluding [b1], preferring b2]",
                session.excluding(backend(1)).toString());
    }
}
