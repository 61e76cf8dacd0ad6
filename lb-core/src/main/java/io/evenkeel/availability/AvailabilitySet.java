package io.evenkeel.availability;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import io.evenkeel.event.Subscription;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.PoolSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Machines that do the same work and are spread over fault and update domains, so that no single rack and no single round of
 * restarts takes all of them. Immutable; it counts nothing: which domains a machine is in follows from its number alone, and
 * stays as long as the number does.
 *
 * <p>The set of a backend is in its {@linkplain Backend#labels labels}, under {@link #LABEL}, and its domains in its
 * {@linkplain Backend#placement placement}.
 *
 * @param name what the set is called, for the label and for messages; {@code "default"} by default
 * @param faultDomains how many groups share power and network, 1 to 1,000; Azure has 3 at most
 * @param updateDomains how many groups are restarted one after the other, 1 to 1,000; Azure has 5 by default, 20 at most
 */
public record AvailabilitySet(String name, int faultDomains, int updateDomains) {
    /** The key of the label that says which set a backend is in. */
    public static final String LABEL = "availability-set";

    /** More than any set that is not a mistake. */
    private static final int MOST_DOMAINS = 1_000;

    /** Checks each component. */
    public AvailabilitySet {
        checkArgument(
                !name.isBlank() && name.chars().noneMatch(Character::isISOControl),
                "name: (expected: a name without control characters)");
        checkArgument(
                faultDomains > 0 && faultDomains <= MOST_DOMAINS,
                "faultDomains: %s (expected: 1 to %s)",
                faultDomains,
                MOST_DOMAINS);
        checkArgument(
                updateDomains > 0 && updateDomains <= MOST_DOMAINS,
                "updateDomains: %s (expected: 1 to %s)",
                updateDomains,
                MOST_DOMAINS);
    }

    /** A set of so many domains. */
    public static AvailabilitySet of(int faultDomains, int updateDomains) {
        return new AvailabilitySet("default", faultDomains, updateDomains);
    }

    /** The same with another name. */
    public AvailabilitySet withName(String name) {
        return new AvailabilitySet(name, faultDomains, updateDomains);
    }

    /**
     * The backend as the machine of that number in this set: domains are given out in turn, so that of three and two, the
     * machines 0 to 5 get 0/0, 1/1, 2/0, 0/1, 1/0 and 2/1. Its zone stays.
     *
     * @param number from 0; the machine's own as long as it lives, also when others are gone
     */
    public Backend place(int number, Backend backend) {
        checkArgument(number >= 0, "number: %s (expected: >= 0)", number);
        Map<String, String> labels = new HashMap<>(backend.labels());
        labels.put(LABEL, name);
        String zone = backend.placement().zone();
        return backend.withLabels(labels)
                .withPlacement(new Placement(zone, number % faultDomains, number % updateDomains));
    }

    /** These backends as the machines 0, 1, 2… of this set, in their order. */
    public List<Backend> place(Collection<Backend> backends) {
        List<Backend> placed = new ArrayList<>();
        backends.forEach(backend -> placed.add(place(placed.size(), backend)));
        return List.copyOf(placed);
    }

    /**
     * The same backends, if all of them are in this set, for whoever wants it as strict as Azure: {@code
     * pool.replace(set.requireAll(backends))}.
     *
     * @throws IllegalArgumentException if one of them is in another set or in none
     */
    public <C extends Collection<Backend>> C requireAll(C backends) {
        for (Backend backend : backends) {
            String other = backend.labels().get(LABEL);
            checkArgument(
                    name.equals(other),
                    "backend: \"%s\" in availability set %s (expected: all in \"%s\")",
                    backend,
                    other == null ? "none" : "\"" + other + "\"",
                    name);
        }
        return backends;
    }

    /**
     * What makes a pool less available than it looks, one text for each finding: fewer than two members, or all of them in
     * one fault domain. Looks at what is declared, and not at who is well. Empty if there is nothing to say.
     */
    public static List<String> warnings(PoolSnapshot snapshot) {
        return Findings.of(snapshot);
    }

    /**
     * Tells {@code listener} the {@link #warnings} of a pool, each when it begins, and again only if it was over meanwhile.
     * Those of the present come at once, later ones on the thread that changes the pool, which must not be held up. A pool
     * that is filled one by one has one member at first: watch it when it is filled.
     */
    public static Subscription watch(BackendPool pool, Consumer<String> listener) {
        AtomicReference<Findings> known = new AtomicReference<>(Findings.NONE);
        return pool.subscribe(snapshot -> {
            Findings next = Findings.in(snapshot);
            Findings before = known.getAndUpdate(now -> now.isOlderThan(next) ? next : now);
            if (before.isOlderThan(next)) {
                next.texts().stream()
                        .filter(text -> !before.texts().contains(text))
                        .forEach(listener);
            }
        });
    }
}
