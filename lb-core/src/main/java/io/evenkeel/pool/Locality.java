package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Map;

/**
 * Prefers members of the zone this process is in, as far as that zone can carry it. Immutable.
 *
 * <p>If the own zone has at least as large a share of the well members as of the clients, everything stays in it.
 * Otherwise only what it has capacity for stays, and the rest goes to the zones that have some to spare, in proportion to
 * that. Applies to the members of the first priority, and not in panic. A retry may leave the zone.
 *
 * @param zone the zone of this process; empty, the default, is no preference
 * @param clientShares which part of all clients is in each zone; empty, the default, takes them to be alike
 * @param minimumMembers with fewer well members, zones do not matter; 6 by default
 * @see "Envoy, zone aware routing"
 */
public record Locality(String zone, Map<String, Double> clientShares, int minimumMembers) {

    /** Checks and copies. */
    public Locality {
        clientShares.forEach((name, share) -> checkArgument(
                share >= 0 && share <= 1, "clientShares: %s of zone \"%s\" (expected: 0 to 1)", share, name));
        checkArgument(minimumMembers >= 0, "minimumMembers: %s (expected: >= 0)", minimumMembers);
        clientShares = Map.copyOf(clientShares);
    }

    /** No preference. */
    public static Locality none() {
        return in("");
    }

    /** Prefers that zone. */
    public static Locality in(String zone) {
        return new Locality(zone, Map.of(), 6);
    }

    /** The same with other shares of the clients. */
    public Locality withClientShares(Map<String, Double> clientShares) {
        return new Locality(zone, clientShares, minimumMembers);
    }

    /** The same with another least number of members. */
    public Locality withMinimumMembers(int minimumMembers) {
        return new Locality(zone, clientShares, minimumMembers);
    }

    double clientShare(String name, int zones) {
        return clientShares.isEmpty() ? 1.0 / zones : clientShares.getOrDefault(name, 0.0);
    }
}
