package io.evenkeel.availability;

import io.evenkeel.backend.Placement;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.ArrayList;
import java.util.List;

/** What makes a pool less available than it looks, at one version of it. Immutable. */
record Findings(long version, List<String> texts) {
    static final Findings NONE = new Findings(-1, List.of());

    static Findings in(PoolSnapshot snapshot) {
        return new Findings(snapshot.version(), List.copyOf(of(snapshot)));
    }

    boolean isOlderThan(Findings other) {
        return version < other.version;
    }

    static List<String> of(PoolSnapshot snapshot) {
        List<Member> members = snapshot.members();
        List<String> found = new ArrayList<>();
        if (members.size() < 2) {
            found.add("pool \"" + snapshot.pool() + "\" has " + members.size()
                    + (members.size() == 1 ? " member" : " members")
                    + " (expected: 2 or more, so that one is left while another is restarted or lost)");
        } else if (isOneDomain(members)) {
            found.add("pool \"" + snapshot.pool() + "\" has all its members in fault domain "
                    + members.get(0).backend().placement().faultDomain()
                    + " (expected: 2 or more, so that one rack can be lost)");
        }
        return found;
    }

    /** Of members whose domain nobody has told there is nothing to say. Zones number their domains on their own. */
    private static boolean isOneDomain(List<Member> members) {
        Placement first = members.get(0).backend().placement();
        return first.faultDomain() >= 0
                && members.stream()
                        .map(member -> member.backend().placement())
                        .allMatch(p -> p.faultDomain() == first.faultDomain()
                                && p.zone().equals(first.zone()));
    }
}
