package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Documentation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How evenly keys are shared, and how many of them move that would not have to, when a member comes or goes. */
class DisruptionTest {
    private static final HashSecret SECRET = new HashSecret(1, 2);
    private static final int KEYS = 200_000;

    private static final Map<String, Supplier<SelectionStrategy>> STRATEGIES = new LinkedHashMap<>();

    static {
        MaglevOptions options = MaglevOptions.defaults().withSecret(SECRET);
        STRATEGIES.put("chance alone", () -> SelectionStrategy.random(new Random(1)));
        STRATEGIES.put("Maglev", () -> SelectionStrategy.maglev(options));
        STRATEGIES.put("Maglev, steady", () -> SelectionStrategy.maglev(options.withSteady(true)));
        STRATEGIES.put("rendezvous", () -> SelectionStrategy.rendezvous(SECRET));
        STRATEGIES.put("ring, 1,024 points", SelectionStrategy::ringHash);
        STRATEGIES.put("ring, 65,536 points", () -> SelectionStrategy.ringHash(65_536, 65_536));
    }

    private final long[] keys = new SplittableRandom(6).longs(KEYS).toArray();

    private String[] owners(SelectionStrategy strategy, BackendPool pool) {
        Selector selector = strategy.selectorFor(pool.snapshot());
        return Arrays.stream(keys)
                .mapToObj(
                        key -> selector.select(PickContext.keyed(key)).backend().id())
                .toArray(String[]::new);
    }

    /** Percent of all keys that changed between two members which are both there before and after. */
    private static double movedPercent(String[] before, String[] after, String changing) {
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            boolean isMoved = !before[i].equals(after[i]);
            moved += isMoved && !before[i].equals(changing) && !after[i].equals(changing) ? 1 : 0;
        }
        return 100.0 * moved / KEYS;
    }

    private double movedByRemoval(String name, int members) {
        BackendPool pool = poolOf(members);
        SelectionStrategy strategy = STRATEGIES.get(name).get();
        String leaving = "b" + members / 2;
        String[] before = owners(strategy, pool);
        pool.remove(leaving);
        return movedPercent(before, owners(strategy, pool), leaving);
    }

    private double movedByAddition(String name, int members) {
        BackendPool pool = poolOf(members);
        SelectionStrategy strategy = STRATEGIES.get(name).get();
        String[] before = owners(strategy, pool);
        pool.add(backend(members));
        return movedPercent(before, owners(strategy, pool), "b" + members);
    }

    @ParameterizedTest(name = "{0}: one of {1} moves at most {2} % of the others'' keys")
    @CsvSource({
        "Maglev, 10, 0.6",
        "Maglev, 100, 0.6",
        "Maglev, 1000, 0.6",
        "rendezvous, 10, 0",
        "rendezvous, 100, 0",
        "rendezvous, 1000, 0",
        "'Maglev, steady', 10, 0",
        "'Maglev, steady', 100, 0",
        "'Maglev, steady', 1000, 0"
    })
    @Tag("strategy")
    @DisplayName("3 removing one member moves hardly more than its own keys")
    void removingOneMemberMovesHardlyMoreThanItsOwnKeys(String name, int members, double atMostPercent) {
        double moved = movedByRemoval(name, members);

        assertTrue(moved <= atMostPercent, moved + " %");
    }

    @Test
    void theTableOfTheDocumentationIsWhatIsMeasuredHere() throws IOException {
        List<String> table = new ArrayList<>();
        table.add("| | members | busiest / mean | spread of shares | moved by one that leaves | by one that comes |");
        table.add("|---|---|---|---|---|---|");
        for (String name : STRATEGIES.keySet()) {
            for (int members : new int[] {10, 100, 1_000}) {
                table.add(row(name, members));
            }
        }

        Documentation.assertHasTable(table);
    }

    private String row(String name, int members) {
        Map<String, Integer> counts = new HashMap<>();
        for (String owner : owners(STRATEGIES.get(name).get(), poolOf(members))) {
            counts.merge(owner, 1, Integer::sum);
        }
        double mean = (double) KEYS / members;
        double busiest = Collections.max(counts.values()) / mean;
        double squares = counts.values().stream()
                .mapToDouble(n -> (n - mean) * (n - mean))
                .sum();
        double spread = 100 * Math.sqrt(squares / members) / mean;
        String shares = String.format(Locale.ROOT, "| %s | %,d | %.2f | %.1f %% ", name, members, busiest, spread);
        if (name.equals("chance alone")) {
            return shares + "| | |";
        }
        double leaving = movedByRemoval(name, members);
        return shares + String.format(Locale.ROOT, "| %.2f %% | %.2f %% |", leaving, movedByAddition(name, members));
    }
}
