package io.evenkeel.availability;

import static io.evenkeel.testing.Pools.backend;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.availability.MaintenanceProgress.State;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random pools, weathers and operators: the minimum holds in all of them. */
@Tag("membership")
class MaintenancePropertyTest {
    private static final int SEQUENCES = 2_000;
    private static final int STEPS = 60;
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    @DisplayName(
            "3. over 2,000 random sequences maintenance never leaves fewer than the minimum, and resumed it comes to its end")
    void theMinimumHolds() {
        int drainsOfAll = 0;
        int done = 0;
        for (long seed = 0; seed < SEQUENCES; seed++) {
            Sequence one = new Sequence(seed);
            State end = one.play();
            assertEquals(0, one.takenTooMany, "seed " + seed);
            if (end != State.DONE) {
                // So many have left that nobody can be spared any more.
                assertTrue(one.pool.snapshot().members().size() <= one.minAvailable, "seed " + seed + ": " + end);
            }
            drainsOfAll += one.drains;
            done += end == State.DONE ? 1 : 0;
        }

        assertTrue(drainsOfAll > SEQUENCES, "there was something to hold: " + drainsOfAll);
        assertTrue(done > SEQUENCES / 2, "most come to their end: " + done);
    }

    /** One pool, and what happens to it. */
    private static final class Sequence {
        private final VirtualTime time = new VirtualTime();
        private final Works works = new Works();
        private final SplittableRandom random;
        private final int size;
        private final int minAvailable;
        private final BackendPool pool;
        private final List<Pick> open = new ArrayList<>();
        private int takenTooMany;
        private int drains;

        Sequence(long seed) {
            random = new SplittableRandom(seed);
            size = random.nextInt(2, 9);
            minAvailable = random.nextInt(1, size);
            pool = BackendPool.builder("test")
                    .scheduler(time)
                    .nanoClock(time::nanoTime)
                    .listenerExecutor(Runnable::run)
                    .build();
            AvailabilitySet set = AvailabilitySet.of(random.nextInt(1, 4), random.nextInt(1, 4));
            for (int i = 0; i < size; i++) {
                pool.add(set.place(i, backend(i)));
            }
            pool.beginProbing();
            pool.snapshot().members().forEach(m -> pool.markUp(m.backend().id(), "answered"));
            pool.listen(new LoadBalancerListener() {
                @Override
                public void stateChanged(
                        String name, Backend backend, BackendState from, BackendState to, String reason) {
                    // Nobody else drains here, so whoever was up and drains now was taken by the maintenance.
                    if (from == BackendState.UP && to == BackendState.DRAINING) {
                        drains++;
                        takenTooMany += up() < minAvailable ? 1 : 0;
                    }
                }
            });
        }

        private long up() {
            return pool.snapshot().members().stream()
                    .filter(m -> m.state() == BackendState.UP)
                    .count();
        }

        State play() {
            MaintenancePolicy policy =
                    new MaintenancePolicy(minAvailable, SECOND.multipliedBy(5), SECOND.multipliedBy(20));
            RollingMaintenance maintenance =
                    RollingMaintenance.start(pool, policy, works, progress -> {}, time, works.workers());
            for (int step = 0; step < STEPS; step++) {
                disturb(maintenance, backend(random.nextInt(size)));
                time.advance(SECOND.dividedBy(4));
            }

            // The weather clears, and somebody resumes it whenever it has stopped: five rounds of drain, action and
            // probe for each member are more than it can need.
            works.succeedForAll();
            for (int i = 0; i < 5 * size && maintenance.progress().state() != State.DONE; i++) {
                maintenance.resume();
                pool.snapshot().members().forEach(m -> pool.markUp(m.backend().id(), "answered"));
                open.forEach(Pick::close);
                works.finish();
                time.advance(SECOND.multipliedBy(10));
            }
            return maintenance.progress().state();
        }

        private void disturb(RollingMaintenance maintenance, Backend backend) {
            String id = backend.id();
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> pool.markUp(id, "answered");
                case 3 -> pool.markDown(id, "refused");
                case 4, 5 -> works.finish();
                case 6 -> pool.snapshot().member(id).map(Member::pick).ifPresent(open::add);
                case 7 -> open.forEach(pick -> pick.report(Outcome.SUCCESS));
                case 8 -> {
                    if (random.nextInt(4) == 0) {
                        works.failFor(id);
                    } else if (random.nextInt(4) == 0
                            && pool.snapshot().member(id).isPresent()) {
                        pool.remove(id);
                    }
                }
                default -> {
                    if (random.nextInt(6) == 0) {
                        maintenance.abort();
                    } else {
                        maintenance.resume();
                    }
                }
            }
        }
    }
}
