package io.evenkeel.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Changes of a pool take over what they do not touch; here is a pool that is always made anew beside it. */
@Tag("membership")
class ReplacementTest {
    private static final int STEPS = 1_000;
    private static final int IDS = 60;

    private final Random random = new Random(42);
    private final BackendPool pool = BackendPool.of("web");
    private final Map<String, LoadStats> loads = new HashMap<>();

    @Test
    void whateverIsReplacedThePoolIsExactlyTheListAndWhoStaysKeepsItsLoad() {
        List<Backend> wanted = List.of();
        for (int step = 0; step < STEPS; step++) {
            wanted = next(wanted);

            pool.replace(wanted);

            assertEquals(wanted, declared(), "after step " + step);
            for (Member member : pool.snapshot().members()) {
                LoadStats before = loads.put(member.backend().id(), member.load());
                assertSame(before == null ? member.load() : before, member.load(), "load of " + member);
                pool.setAdminState(member.backend().id(), AdminState.NONE); // throws if its id is not found
            }
            loads.keySet().retainAll(ids(wanted));
        }
    }

    @Test
    void selectableMembersAreThoseThatAreWellAtTheFirstPriorityThatHasAny() {
        List<Backend> wanted = List.of();
        for (int step = 0; step < STEPS; step++) {
            wanted = next(wanted);
            pool.replace(wanted);
            for (Backend backend : wanted) {
                pool.setAdminState(backend.id(), random.nextInt(8) == 0 ? AdminState.DOWN : AdminState.NONE);
            }

            // A level of which 72 % are well carries everything, and those an operator took out are not counted.
            int first = pool.snapshot().members().stream()
                    .filter(Selection::isWell)
                    .mapToInt(m -> m.backend().priority())
                    .min()
                    .orElse(0);
            List<String> well = pool.snapshot().members().stream()
                    .filter(m -> Selection.isWell(m) && m.backend().priority() == first)
                    .map(m -> m.backend().id())
                    .toList();
            assertEquals(
                    well,
                    pool.snapshot().selectable().stream()
                            .map(m -> m.backend().id())
                            .toList());
        }
    }

    @Test
    void anIdThatStandsTwiceIsRefusedWhereverItStands() {
        for (int step = 0; step < STEPS; step++) {
            List<Backend> fine = someBackends();
            pool.replace(fine);
            List<Backend> twice = new ArrayList<>(fine);
            Backend one = backend(step % IDS);
            twice.remove(one);
            twice.add(random.nextInt(twice.size() + 1), one);
            twice.add(random.nextInt(twice.size() + 1), one);

            assertThrows(IllegalArgumentException.class, () -> pool.replace(twice));
            assertEquals(fine, declared());
        }
    }

    /** Now the same, now a few others, now another order, now something else altogether. */
    private List<Backend> next(List<Backend> before) {
        List<Backend> next = new ArrayList<>(before);
        switch (random.nextInt(6)) {
            case 0 -> next = someBackends();
            case 1 -> Collections.rotate(next, 1);
            case 2 -> next.removeIf(b -> random.nextInt(10) == 0);
            default -> next.replaceAll(b -> random.nextInt(20) == 0 ? b.withWeight(1 + random.nextInt(9)) : b);
        }
        Backend other = backend(random.nextInt(IDS));
        if (!next.isEmpty() && !ids(next).contains(other.id())) {
            next.set(random.nextInt(next.size()), other);
        }
        return next;
    }

    private List<Backend> someBackends() {
        List<Backend> some = new ArrayList<>();
        for (int i = 0; i < IDS; i++) {
            if (random.nextInt(3) == 0) {
                some.add(backend(i));
            }
        }
        Collections.shuffle(some, random);
        return some;
    }

    private static Backend backend(int number) {
        return Backend.of("b" + number, "10.0.0." + number, 80).withPriority(number % 3);
    }

    private List<Backend> declared() {
        return pool.snapshot().members().stream().map(Member::backend).toList();
    }

    private static Set<String> ids(List<Backend> backends) {
        return backends.stream().map(Backend::id).collect(Collectors.toSet());
    }
}
