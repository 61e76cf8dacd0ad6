package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a pool, and what is known about each. A change makes a new roster or fails, so that nothing is ever half
 * done. Immutable.
 */
final class Roster {
    /** More than any list that is not a mistake, and a table of that many still builds in well under a second. */
    private static final int MAX_MEMBERS = 100_000;

    static final Roster EMPTY = new Roster(new Member[0], Map.of());

    private final Member[] members;
    private final Map<String, Integer> places; // in the array, by id; shared by all rosters of the same members
    private final int ejected;
    private final int well;
    private @Nullable FaultDomains domains; // counted when first asked for; guarded by the lock of the pool

    private Roster(Member[] members, Map<String, Integer> places) {
        this.members = members;
        this.places = places;
        // Counted once: during an outage every request that fails asks whether its member may be ejected.
        int out = 0;
        int in = 0;
        for (Member member : members) {
            out += member.state() == BackendState.EJECTED ? 1 : 0;
            in += Selection.isWell(member) ? 1 : 0;
        }
        this.ejected = out;
        this.well = in;
    }

    Member[] members() {
        return members;
    }

    @Nullable
    Member find(String id) {
        Integer place = places.get(id);
        return place == null ? null : members[place];
    }

    /** This very member, whatever has changed about it: its load is what it keeps as long as it stays. */
    @Nullable
    Member find(Member member) {
        Member other = find(member.backend().id());
        return other != null && other.load() == member.load() ? other : null;
    }

    Member get(String id, String pool) {
        Member member = find(id);
        checkArgument(member != null, "backend: \"%s\" (expected: an id that is in pool \"%s\")", id, pool);
        return member;
    }

    Roster adding(Collection<Backend> added, Function<Backend, Member> newcomer, String pool) {
        Member[] all = Arrays.copyOf(members, members.length + added.size());
        int end = members.length;
        Map<String, Integer> next = new HashMap<>(places);
        for (Backend backend : added) {
            Member member = newcomer.apply(backend);
            checkArgument(
                    next.put(backend.id(), end) == null,
                    "backend: \"%s\" (expected: an id that is not yet in pool \"%s\")",
                    backend,
                    pool);
            all[end++] = member;
        }
        return checked(all, next);
    }

    Roster removing(Member leaving) {
        Member[] left = Arrays.stream(members).filter(m -> m != leaving).toArray(Member[]::new);
        Map<String, Integer> next = new HashMap<>();
        for (int i = 0; i < left.length; i++) {
            next.put(left[i].backend().id(), i);
        }
        return new Roster(left, next);
    }

    /** Exactly these; who stays keeps what is known, and who is new at an id that was known is a newcomer. */
    Roster replacedBy(Collection<Backend> wanted, Function<Backend, Member> newcomer) {
        Member[] all = new Member[wanted.size()];
        int end = 0;
        Map<String, Integer> next = new HashMap<>();
        for (Backend backend : wanted) {
            Member known = find(backend.id());
            Member member = known != null && known.backend().address().equals(backend.address())
                    ? known.with(backend)
                    : newcomer.apply(backend);
            checkArgument(
                    next.put(backend.id(), end) == null,
                    "backend: \"%s\" (expected: an id that is only once in the list)",
                    backend);
            all[end++] = member;
        }
        return checked(all, next);
    }

    /** With a member as it is now; it must be here. */
    Roster changing(Member after) {
        Member[] all = members.clone();
        place(after, all);
        return new Roster(all, places);
    }

    Roster changingAll(UnaryOperator<Member> change) {
        Member[] all = members.clone();
        Arrays.setAll(all, i -> change.apply(all[i]));
        return new Roster(all, places);
    }

    /** With each member as it is after a verdict; whoever is not here (any more) is passed over. */
    Roster judging(Collection<Verdict> verdicts, BiFunction<Member, Verdict, Member> change) {
        Member[] all = members.clone();
        for (Verdict verdict : verdicts) {
            Integer place = places.get(verdict.member().backend().id());
            if (place != null && all[place].load() == verdict.member().load()) {
                all[place] = change.apply(all[place], verdict);
            }
        }
        return Arrays.equals(all, members) ? this : new Roster(all, places);
    }

    private void place(Member member, Member[] all) {
        Integer place = places.get(member.backend().id());
        if (place != null) {
            all[place] = member;
        }
    }

    /** Whether a member may go out for its traffic: nobody else has a say in it, somebody is left, and the caps hold. */
    boolean mayEject(Member member, int maxPercent, int maxDomainPercent) {
        return member.state() == BackendState.UP
                && member.standing().admin() == AdminState.NONE
                && well - (Selection.isWell(member) ? 1 : 0) > 0
                && (ejected + 1) * 100L <= (long) maxPercent * members.length
                && (maxDomainPercent == 100 || domains().mayEject(member, maxDomainPercent));
    }

    private FaultDomains domains() {
        if (domains == null) {
            domains = new FaultDomains(members);
        }
        return domains;
    }

    private static Roster checked(Member[] all, Map<String, Integer> next) {
        checkArgument(all.length <= MAX_MEMBERS, "members: %s (expected: <= %s)", all.length, MAX_MEMBERS);
        return new Roster(all, next);
    }
}
