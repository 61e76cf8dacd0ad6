package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.strategy.SelectionStrategy;
import org.junit.jupiter.api.Test;

/**
 * Servers against what is known of queues. The length of a busy queue changes slowly, so that the number of requests says
 * little about how far a mean may be off: the bound is twice the most that ten other seeds were off, 1.4 %.
 */
class QueueTheoryTest {
    private static final double WITHIN = 0.03;
    private static final double WORK = 20;
    private static final double CAPACITY = 1000 / WORK;
    private static final int SERVERS = 100;

    /** Gives each server the traffic of a Poisson process of its own. */
    private static final Contender RANDOM =
            new Contender("random", "", (random, fleet) -> SelectionStrategy.random(random));

    private static Scenario loadedBy(double load) {
        return new Scenario("theory", "")
                .servers(SERVERS)
                .slots(1)
                .work(Work.exponential(WORK))
                .perSecond(SERVERS * CAPACITY * load)
                .seconds(220)
                .warmUp(20);
    }

    private static void assertMean(double expected, Scenario scenario, Contender contender) {
        double mean = Simulation.run(scenario, contender, 1).latencies().meanMillis();

        assertEquals(expected, mean, WITHIN * expected);
    }

    @Test
    void oneSlotIsTheSimplestQueue() {
        assertMean(WORK / (1 - 0.7), loadedBy(0.7), RANDOM);
    }

    @Test
    void fourSlotsWaitByErlangsFormula() {
        // Four slots and three Erlangs: 13.5 / (1 + 3 + 4.5 + 4.5 + 13.5) of the requests wait, WORK / (4 - 3) on
        // average.
        assertMean(WORK * (1 + 13.5 / 26.5), loadedBy(3).slots(4), RANDOM);
    }

    @Test
    void whoSharesACoreWaitsByTheMeanOfTheWorkWhateverItsVariance() {
        Scenario sharing =
                loadedBy(0.7).slots(Integer.MAX_VALUE).cores(1).work(Work.mixed(WORK / 2, WORK * 5 / 2, 0.25));

        assertMean(WORK / (1 - 0.7), sharing, RANDOM);
    }

    @Test
    void halfTheSpeedIsHalfTheCapacity() {
        Scenario slow = loadedBy(0.35).script(fleet -> fleet.servers().forEach(server -> server.speed(0.5)));

        assertMean(2 * WORK / (1 - 0.7), slow, RANDOM);
    }

    /** The limit for many servers is 2.61 times the work (Mitzenmacher 2001); a hundred of them wait 1 % to 2 % longer. */
    @Test
    void twoChoicesAtNineTenthsOfTheLoadWaitAsTheoryHasIt() {
        assertMean(2.65 * WORK, loadedBy(0.9), Contender.TWO_CHOICES);
    }
}
