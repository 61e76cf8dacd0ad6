package io.evenkeel.pool;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Placement;
import java.util.HashMap;
import java.util.Map;

/** How many members each fault domain has, and how many of them are ejected. */
final class FaultDomains {
    /** Zones number their domains on their own. */
    private record Domain(String zone, int number) {}

    private static final class Tally {
        private int members;
        private int ejected;
    }

    private final Map<Domain, Tally> tallies = new HashMap<>();

    FaultDomains(Member[] members) {
        for (Member member : members) {
            if (isKnown(member.backend())) {
                Tally tally = tallies.computeIfAbsent(domainOf(member.backend()), domain -> new Tally());
                tally.members++;
                tally.ejected += member.state() == BackendState.EJECTED ? 1 : 0;
            }
        }
    }

    /** Whether one more of that member's domain may go out. No cap for those whose domain is not known. */
    boolean mayEject(Member member, int maxPercent) {
        Tally tally = tallies.get(domainOf(member.backend()));
        return tally == null || (tally.ejected + 1) * 100L <= (long) maxPercent * tally.members;
    }

    private static boolean isKnown(Backend backend) {
        return backend.placement().faultDomain() >= 0;
    }

    private static Domain domainOf(Backend backend) {
        Placement placement = backend.placement();
        return new Domain(placement.zone(), placement.faultDomain());
    }
}
