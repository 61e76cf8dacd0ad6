package io.evenkeel.availability;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Whose turn is together and whose is later: one update domain after the other. */
final class Rounds {
    /** Zones number their domains on their own; where no domain is known, each member is one. */
    private record UpdateDomain(boolean isUnknown, String zone, int number, String member) {
        static UpdateDomain of(Backend backend) {
            Placement placement = backend.placement();
            boolean isUnknown = placement.updateDomain() < 0;
            return new UpdateDomain(
                    isUnknown, placement.zone(), placement.updateDomain(), isUnknown ? backend.id() : "");
        }
    }

    private static final Comparator<UpdateDomain> ORDER = Comparator.comparing(UpdateDomain::isUnknown)
            .thenComparing(UpdateDomain::zone)
            .thenComparing(UpdateDomain::number)
            .thenComparing(UpdateDomain::member);

    private Rounds() {}

    /** Known domains by zone and number, then the members of unknown ones by id. */
    static List<List<Backend>> of(PoolSnapshot snapshot) {
        TreeMap<UpdateDomain, List<Backend>> rounds = new TreeMap<>(ORDER);
        for (Member member : snapshot.members()) {
            rounds.computeIfAbsent(UpdateDomain.of(member.backend()), domain -> new ArrayList<>())
                    .add(member.backend());
        }
        return List.copyOf(rounds.values());
    }
}
