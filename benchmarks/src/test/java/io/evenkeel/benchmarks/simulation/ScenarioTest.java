package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.discovery.Subset;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    private final Scenario scenario =
            new Scenario("who sends where", "").servers(10).perSecond(10).seconds(100);

    private double busiest() {
        return Simulation.run(scenario, Contender.ROUND_ROBIN, 1).busiest();
    }

    @Test
    void aClientSendsToItsSubsetOnly() {
        scenario.subsets(client -> Subset.ofClient("client").withSize(1));

        assertEquals(10, busiest());
    }

    @Test
    void withoutSubsetsItSendsToAll() {
        // Round robin: no server is more than one request ahead of another, of 100 each.
        assertEquals(1, busiest(), 0.01);
    }

    /** Sends everything to the first server, so that chance alone decides where the second attempt goes. */
    private record First() implements SelectionStrategy {
        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public Selector selectorFor(PoolSnapshot snapshot) {
            return context -> snapshot.selectable().get(0);
        }
    }

    @Test
    void secondAttemptsGoTheSameWayInEachRun() {
        Contender first = new Contender("first", "", (random, fleet) -> new First());
        scenario.attempts(2)
                .work(Work.exponential(200))
                .slots(1)
                .script(fleet -> fleet.server(0).down(true));

        Recording one = Simulation.run(scenario, first, 1);
        Recording other = Simulation.run(scenario, first, 1);

        assertEquals(one.latencies().meanMillis(), other.latencies().meanMillis());
    }
}
