package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backend;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.AdminState;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares a pool with a model that says the same in the plainest way, over random sequences. */
@Tag("health")
class PoolModelTest {
    private static final int SEQUENCES = 10_000;
    private static final int STEPS = 30;
    private static final int IDS = 5;
    private static final int CAP_PERCENT = 60;
    private static final List<AdminState> ADMIN_STATES = List.of(AdminState.UP, AdminState.DOWN, AdminState.NONE);
    private static final long EJECTION_SECONDS = 10;

    /** One member as the model knows it. */
    private static final class Model {
        private boolean isProbedUp;
        private AdminState admin = AdminState.NONE;
        private boolean isDraining;
        private long ejectedUntil = -1;

        boolean isEjected() {
            return ejectedUntil >= 0;
        }

        boolean isWell() {
            if (isDraining) {
                return false;
            }
            return admin == AdminState.UP || (admin == AdminState.NONE && isProbedUp && !isEjected());
        }
    }

    @Test
    @DisplayName("8 the pool equals its model over 10,000 random sequences")
    void equalsItsModel() {
        for (long seed = 0; seed < SEQUENCES; seed++) {
            play(seed);
        }
    }

    private static void play(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualTime time = new VirtualTime();
        BackendPool pool = BackendPool.builder("test")
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .build();
        pool.beginProbing();
        Map<String, Model> model = new TreeMap<>();
        List<String> history = new ArrayList<>();
        long seconds = 0;

        for (int step = 0; step < STEPS; step++) {
            int number = random.nextInt(IDS);
            String id = "b" + number;
            Model known = model.get(id);
            int action = random.nextInt(9);
            history.add(action + " " + id);
            switch (action) {
                case 0 -> {
                    if (known == null) {
                        pool.add(backend(number));
                        model.put(id, new Model());
                    }
                }
                case 1 -> {
                    if (known != null) {
                        pool.remove(id);
                        model.remove(id);
                    }
                }
                case 2 -> {
                    pool.markUp(id, "answered");
                    if (known != null) {
                        known.isProbedUp = true;
                    }
                }
                case 3 -> {
                    pool.markDown(id, "refused");
                    if (known != null) {
                        known.isProbedUp = false;
                    }
                }
                case 4 -> {
                    if (known != null) {
                        AdminState admin = ADMIN_STATES.get(random.nextInt(3));
                        pool.setAdminState(id, admin);
                        known.admin = admin;
                    }
                }
                case 5 -> {
                    if (known != null) {
                        pool.drain(id, Duration.ofHours(1));
                        known.isDraining = true;
                    }
                }
                case 6 -> {
                    if (known != null) {
                        pool.resume(id);
                        known.isDraining = false;
                    }
                }
                case 7 -> {
                    Duration out = Duration.ofSeconds(EJECTION_SECONDS);
                    boolean isEjected = pool.snapshot()
                            .member(id)
                            .map(m -> pool.eject(m, out, "test", CAP_PERCENT, 100))
                            .orElse(false);
                    assertEquals(mayEject(model, known), isEjected, () -> "seed " + seed + ": " + history);
                    if (isEjected) {
                        known.ejectedUntil = seconds + EJECTION_SECONDS;
                    }
                }
                default -> {
                    long passed = random.nextInt(1, 15);
                    seconds += passed;
                    time.advance(Duration.ofSeconds(passed));
                    long now = seconds;
                    model.values().stream()
                            .filter(m -> m.isEjected() && m.ejectedUntil <= now)
                            .forEach(m -> m.ejectedUntil = -1);
                }
            }
            assertEquals(
                    well(model),
                    pool.snapshot().selectable().stream()
                            .map(m -> m.backend().id())
                            .sorted()
                            .toList(),
                    () -> "seed " + seed + ": " + history);
        }
        pool.close();
    }

    private static boolean mayEject(Map<String, Model> model, Model member) {
        if (member == null || !member.isWell() || member.admin != AdminState.NONE) {
            return false;
        }
        // Out for what traffic showed, and for nothing worse.
        long ejected = model.values().stream()
                .filter(m -> m.isEjected() && m.isProbedUp && !m.isDraining && m.admin == AdminState.NONE)
                .count();
        return well(model).size() > 1 && (ejected + 1) * 100 <= (long) CAP_PERCENT * model.size();
    }

    private static List<String> well(Map<String, Model> model) {
        return model.entrySet().stream()
                .filter(e -> e.getValue().isWell())
                .map(Map.Entry::getKey)
                .collect(Collectors.toList());
    }
}
