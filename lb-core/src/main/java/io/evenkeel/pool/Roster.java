package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
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
    private final Map<String, Member> byId;

    private final int ejected;
    private final int well;
    private @Nullable FaultDomains domains; // counted when first asked for; guarded by the lock of the pool

    private Roster(Member[] members, Map<String, Member> byId) {
        this.members = members;
        this.byId = byId;
        // Counted once: during an outage every request that fails asks whether its member may be ejected.
        this.ejected = (int) Arrays.stream(members)
                .filter(m -> m.state() == BackendState.EJECTED)
                .count();
        this.well = (int) Arrays.stream(members).filter(Roster::isWell).count();
    }

    private static boolean isWell(Member member) {
        return member.state() == BackendState.UP && member.backend().weight() > 0;
    }

    Member[] members() {
        return members;
    }

    @Nullable
    Member find(String id) {
        return byId.get(id);
    }

    /** This very member, whatever has changed about it: its load is what it keeps as long as it stays. */
    @Nullable
    Member find(Member member) {
        Member other = byId.get(member.backend().id());
        return other != null && other.load() == member.load() ? other : null;
    }

    Member get(String id, String pool) {
        Member member = byId.get(id);
        checkArgument(member != null, "backend: \"%s\" (expected: an id that is in pool \"%s\")", id, pool);
        return member;
    }

    Roster adding(Collection<Backend> added, Function<Backend, Member> newcomer, String pool) {
        Member[] all = Arrays.copyOf(members, members.length + added.size());
        int end = members.length;
        Map<String, Member> next = new HashMap<>(byId);
        for (Backend backend : added) {
            Member member = newcomer.apply(backend);
            checkArgument(
                    next.put(backend.id(), member) == null,
                    "backend: \"%s\" (expected: an id that is not yet in pool \"%s\")",
                    backend,
                    pool);
            all[end++] = member;
        }
        return checked(all, next);
    }

    Roster removing(Member leaving) {
        Map<String, Member> next = new HashMap<>(byId);
        next.remove(leaving.backend().id());
        return new Roster(Arrays.stream(members).filter(m -> m != leaving).toArray(Member[]::new), next);
    }

    /** Exactly these; who stays keeps what is known, and who is new at an id that was known is a newcomer. */
    Roster replacedBy(Collection<Backend> wanted, Function<Backend, Member> newcomer) {
        Member[] all = new Member[wanted.size()];
        int end = 0;
        Map<String, Member> next = new HashMap<>();
        for (Backend backend : wanted) {
            Member known = byId.get(backend.id());
            Member member = known != null && known.backend().address().equals(backend.address())
                    ? known.with(backend)
                    : newcomer.apply(backend);
            checkArgument(
                    next.put(backend.id(), member) == null,
                    "backend: \"%s\" (expected: an id that is only once in the list)",
                    backend);
            all[end++] = member;
        }
        return checked(all, next);
    }

    Roster changing(Member before, Member after) {
        Map<String, Member> next = new HashMap<>(byId);
        next.put(after.backend().id(), after);
        Member[] all = members.clone();
        Arrays.setAll(all, i -> all[i] == before ? after : all[i]);
        return new Roster(all, next);
    }

    Roster changingAll(UnaryOperator<Member> change) {
        Map<String, Member> next = new HashMap<>();
        Member[] all = members.clone();
        Arrays.setAll(all, i -> change.apply(all[i]));
        Arrays.stream(all).forEach(m -> next.put(m.backend().id(), m));
        return new Roster(all, next);
    }

    /** Whether a member may go out for its traffic: nobody else has a say in it, somebody is left, and the caps hold. */
    boolean mayEject(Member member, int maxPercent, int maxDomainPercent) {
        return member.state() == BackendState.UP
                && member.standing().admin() == AdminState.NONE
                && well - (isWell(member) ? 1 : 0) > 0
                && (ejected + 1) * 100L <= (long) maxPercent * members.length
                && (maxDomainPercent == 100 || domains().mayEject(member, maxDomainPercent));
    }

    private FaultDomains domains() {
        if (domains == null) {
            domains = new FaultDomains(members);
        }
        return domains;
    }

    private static Roster checked(Member[] all, Map<String, Member> next) {
        checkArgument(all.length <= MAX_MEMBERS, "members: %s (expected: <= %s)", all.length, MAX_MEMBERS);
        return new Roster(all, next);
    }
}
