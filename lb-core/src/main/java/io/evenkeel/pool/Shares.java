package io.evenkeel.pool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How traffic is divided between priorities and between zones, by how many members of each are well. */
final class Shares {
    /** A level of which 72 % are well still takes everything: it was not built without any room. */
    private static final int OVERPROVISIONING_PERCENT = 140;

    /** Members that share a part of the traffic by their weights. */
    record Group(double share, List<Member> members) {}

    private Shares() {}

    /**
     * Percent of the traffic for each priority, from the first on: what one cannot carry goes to the next. Whole numbers,
     * as Envoy has them; what rounding leaves goes to the first that gets anything.
     */
    static int[] ofPriorities(int[] well, int[] wanted) {
        int[] health = new int[well.length];
        int total = 0;
        for (int i = 0; i < well.length; i++) {
            health[i] = wanted[i] == 0 ? 0 : Math.min(100, OVERPROVISIONING_PERCENT * well[i] / wanted[i]);
            total = Math.min(100, total + health[i]);
        }
        int[] shares = new int[well.length];
        int left = total == 0 ? 0 : 100;
        int first = -1;
        for (int i = 0; i < well.length; i++) {
            shares[i] = Math.min(left, total == 0 ? 0 : health[i] * 100 / total);
            left -= shares[i];
            first = first < 0 && shares[i] > 0 ? i : first;
        }
        if (first >= 0) {
            shares[first] += left;
        }
        return shares;
    }

    /** Divides the part of one priority between zones; one group if the zones do not matter. */
    static List<Group> ofZones(double share, List<Member> well, Locality locality) {
        if (locality.zone().isEmpty()) {
            return List.of(new Group(share, well));
        }
        Map<String, List<Member>> zones = new LinkedHashMap<>();
        well.forEach(m -> zones.computeIfAbsent(m.backend().placement().zone(), z -> new ArrayList<>())
                .add(m));
        boolean isOff = zones.size() < 2 || well.size() < locality.minimumMembers();
        if (isOff) {
            return List.of(new Group(share, well));
        }
        List<Member> own = zones.getOrDefault(locality.zone(), List.of());
        double ownShare = stayingShare((double) own.size() / well.size(), locality, zones.size());
        List<Group> groups = new ArrayList<>();
        if (ownShare > 0) {
            groups.add(new Group(share * ownShare, own));
        }
        if (ownShare < 1) {
            addOthers(groups, share * (1 - ownShare), zones, well.size(), locality);
        }
        return groups;
    }

    /** Which part of this zone's clients can stay in it, given its part of the well members. */
    private static double stayingShare(double members, Locality locality, int zones) {
        double clients = locality.clientShare(locality.zone(), zones);
        return members >= clients ? 1 : members / clients;
    }

    private static void addOthers(
            List<Group> groups, double share, Map<String, List<Member>> zones, int well, Locality locality) {
        Map<String, Double> spare = new LinkedHashMap<>();
        zones.forEach((zone, members) -> {
            double room = (double) members.size() / well - locality.clientShare(zone, zones.size());
            if (!zone.equals(locality.zone()) && room > 0) {
                spare.put(zone, room);
            }
        });
        double room = spare.values().stream().mapToDouble(Double::doubleValue).sum();
        spare.forEach((zone, part) -> groups.add(new Group(share * part / room, zones.getOrDefault(zone, List.of()))));
    }
}
