package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.MaglevOptions;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PicksDuringChangesTest {
    private static final Duration RUN = Duration.ofSeconds(10);
    private static final int PICKERS = 8;

    private final BackendPool pool = BackendPool.of("web", backend(0), backend(1), backend(2));
    private final List<LoadBalancer> balancers = List.of(
            LoadBalancer.over(pool).build(),
            LoadBalancer.over(pool).strategy(SelectionStrategy.random()).build(),
            LoadBalancer.over(pool).strategy(SelectionStrategy.maglev()).build(),
            LoadBalancer.over(pool)
                    .strategy(SelectionStrategy.boundedLoad(
                            SelectionStrategy.maglev(MaglevOptions.defaults().withSteady(true))))
                    .build(),
            LoadBalancer.over(pool).strategy(SelectionStrategy.rendezvous()).build());

    /** Members join with ever higher numbers, and leave from below: all numbers below this one have left. */
    private volatile int goneBelow;

    private volatile boolean over;

    @Test
    @Tag("main-job")
    @DisplayName("3 eight threads pick while members come and go for 10 s: no exception, nobody who had left")
    void eightThreadsPickWhileMembersComeAndGo() throws InterruptedException {
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        LongAdder picks = new LongAdder();
        List<Thread> pickers = new ArrayList<>();
        for (int i = 0; i < PICKERS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            Thread picker = new Thread(() -> {
                try {
                    while (!over && faults.isEmpty()) {
                        pickOnce(random, faults);
                        picks.increment();
                    }
                } catch (Throwable fault) {
                    faults.add(fault.toString());
                }
            });
            pickers.add(picker);
            picker.start();
        }

        int changes = changeMembers();

        over = true;
        for (Thread picker : pickers) {
            picker.join();
        }
        assertEquals(List.of(), List.copyOf(faults));
        assertEquals(0, pool.faults().count());
        // Whatever else the machine does: enough of both that they meet.
        assertTrue(picks.sum() > 10_000 && changes > 20, picks + " picks during " + changes + " changes");
        pool.snapshot().members().forEach(m -> assertEquals(0, m.load().inFlight()));
    }

    private void pickOnce(SplittableRandom random, Queue<String> faults) throws NoBackendException {
        int goneBefore = goneBelow;
        LoadBalancer balancer = balancers.get(random.nextInt(balancers.size()));
        try (Pick pick = balancer.pick(PickContext.keyed(random.nextLong()))) {
            int number = Integer.parseInt(pick.backend().id().substring(1));
            if (number < goneBefore) {
                faults.add("picked " + number + " when all below " + goneBefore + " had left");
            }
            pick.report(Outcome.SUCCESS);
        }
    }

    /** Adds, takes down, brings up and removes; at least one member is selectable at every moment. */
    private int changeMembers() {
        SplittableRandom random = new SplittableRandom(99);
        long deadline = System.nanoTime() + RUN.toNanos();
        int lowest = 0;
        int next = 3;
        int changes = 0;
        while (System.nanoTime() - deadline < 0) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (next - lowest < 20) {
                        pool.add(backend(next++));
                    }
                }
                case 1 -> {
                    if (next - lowest > 2) {
                        pool.remove("b" + lowest++);
                        goneBelow = lowest;
                    }
                }
                case 2 ->
                    pool.replace(java.util.stream.IntStream.range(lowest, next)
                            .mapToObj(n -> backend(n).withWeight(1 + random.nextInt(9)))
                            .toList());
                default -> {
                    int ill = lowest;
                    pool.markDown("b" + ill, "on purpose"); // never the last: there are two at least
                    pool.markUp("b" + ill, "on purpose");
                }
            }
            changes++;
        }
        return changes;
    }
}
