package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Documentation;
import io.evenkeel.testing.Pools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** How even subsets are, and what they give up when somebody comes or goes. */
class SubsetFiguresTest {
    /** Enough to know what a client gives up on average; connections and traffic are counted over all of them. */
    private static final int SAMPLE = 50;

    private record Size(int clients, int backends, int size) {
        List<Backend> of(String kind, int index, List<Backend> backends) {
            return kind.equals("peer")
                    ? new PeerSubset(index, clients, size).arc(backends)
                    : Subset.ofClient("client-" + index).withSize(size).of(backends);
        }
    }

    /** In the order of the peers' circle, so that it is found once and not for each of a thousand. */
    private static List<Backend> backends(int count) {
        return Levels.each(Pools.backends(count), PeerSubset.SEED, all -> all);
    }

    @Test
    void theTableOfTheDocumentationIsWhatIsMeasuredHere() throws IOException {
        List<String> table = new ArrayList<>();
        table.add("| clients | backends | size | subset of | members of a client | connections, of all to all "
                + "| clients of a backend | busiest / mean | one leaves | one comes | a client comes |");
        table.add("|---|---|---|---|---|---|---|---|---|---|---|");
        for (Size size : List.of(
                new Size(47, 120, 12),
                new Size(300, 300, 10),
                new Size(300, 300, 20),
                new Size(100, 1_000, 20),
                new Size(1_000, 100, 20),
                new Size(1_000, 1_000, 20),
                new Size(1_000, 10_000, 20))) {
            table.add(row("peer", size));
            table.add(row("client", size));
        }

        Documentation.assertHasTable(table);
    }

    private static String row(String kind, Size size) {
        List<Backend> backends = backends(size.backends());
        Map<String, Integer> clients = new HashMap<>();
        Map<String, Double> traffic = new HashMap<>();
        backends.forEach(b -> clients.put(b.id(), 0));
        IntSummaryStatistics members = new IntSummaryStatistics();
        for (int i = 0; i < size.clients(); i++) {
            List<Backend> part = size.of(kind, i, backends);
            members.accept(part.size());
            double total = part.stream().mapToInt(Backend::weight).sum();
            part.forEach(b -> clients.merge(b.id(), 1, Integer::sum));
            part.forEach(b -> traffic.merge(b.id(), b.weight() / total, Double::sum));
        }
        IntSummaryStatistics spread = clients.values().stream().mapToInt(n -> n).summaryStatistics();
        double mean = (double) size.clients() / size.backends();
        double busiest = traffic.values().stream().mapToDouble(t -> t).max().orElseThrow() / mean;
        return String.format(
                Locale.ROOT,
                "| %,d | %,d | %d | %s | %s | %,d, %.1f %% | %s | %.2f | %s | %s | %s |",
                size.clients(),
                size.backends(),
                size.size(),
                kind,
                range(members),
                members.getSum(),
                100.0 * members.getSum() / size.clients() / size.backends(),
                range(spread),
                busiest,
                whenOneLeaves(kind, size, backends),
                whenOneComes(kind, size, backends),
                whenAClientComes(kind, size, backends));
    }

    private static String range(IntSummaryStatistics numbers) {
        return numbers.getMin() == numbers.getMax()
                ? "" + numbers.getMin()
                : numbers.getMin() + " to " + numbers.getMax();
    }

    private static String whenOneLeaves(String kind, Size size, List<Backend> backends) {
        List<Backend> fewer = new ArrayList<>(backends);
        Backend leaving = fewer.remove(size.backends() / 2);
        return exchanged(size, leaving, i -> size.of(kind, i, backends), i -> size.of(kind, i, fewer));
    }

    private static String whenOneComes(String kind, Size size, List<Backend> backends) {
        List<Backend> more = backends(size.backends() + 1);
        Backend coming = Pools.backend(size.backends());
        return exchanged(size, coming, i -> size.of(kind, i, backends), i -> size.of(kind, i, more));
    }

    private static String whenAClientComes(String kind, Size size, List<Backend> backends) {
        Size more = new Size(size.clients() + 1, size.backends(), size.size());
        Backend nobody = Backend.of("nobody", 80);
        return exchanged(size, nobody, i -> size.of(kind, i, backends), i -> more.of(kind, i, backends));
    }

    /** What a client gives up and takes in, on average; not counting who comes or goes. */
    private static String exchanged(
            Size size, Backend changing, IntFunction<List<Backend>> before, IntFunction<List<Backend>> after) {
        int step = Math.max(1, size.clients() / SAMPLE);
        int clients = 0;
        int givenUp = 0;
        int takenIn = 0;
        for (int i = 0; i < size.clients(); i += step) {
            givenUp += without(before.apply(i), after.apply(i), changing);
            takenIn += without(after.apply(i), before.apply(i), changing);
            clients++;
        }
        return String.format(Locale.ROOT, "%.2f, %.2f", (double) givenUp / clients, (double) takenIn / clients);
    }

    private static int without(List<Backend> some, List<Backend> others, Backend changing) {
        Set<String> ids = new HashSet<>();
        some.forEach(b -> ids.add(b.id()));
        others.forEach(b -> ids.remove(b.id()));
        ids.remove(changing.id());
        return ids.size();
    }
}
