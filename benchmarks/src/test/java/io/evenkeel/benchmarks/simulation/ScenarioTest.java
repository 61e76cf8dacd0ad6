package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.discovery.Subset;
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
}
