package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a pool, and what is known about each. A change makes a new roster or fails, so that nothing is ever half
 * done; what it does not touch is taken over. Immutable.
 */
final class Roster {
    /** More than any list that is not a mistake, and a table of that many still builds in well under a second. */
    private static final int MAX_MEMBERS = 100_000;

    static final Roster EMPTY = new Roster(new Member[0], Places.of(new Member[0]), Tally.of(new Member[0]));

    private final Member[] members;
    private final Places places;
    private final Tally tally;
    private @Nullable FaultDomains domains; // counted when first asked for; guarded by the lock of the pool

    private Roster(Member[] members, Places places, Tally tally) {
        this.members = members;
        this.places = places;
        this.tally = tally;
    }

    Member[] members() {
        return members;
    }

    Tally tally() {
        return tally;
    }

    @Nullable
    Member find(String id) {
        int place = places.find(id, members);
        return place < 0 ? null : members[place];
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

    /** Those of the members that another roster does not have. */
    List<Member> without(Roster other) {
        List<Member> missing = new ArrayList<>();
        for (int i = 0; i < members.length; i++) {
            boolean isThere = i < other.members.length && other.members[i] == members[i];
            if (!isThere && other.find(members[i]) == null) {
                missing.add(members[i]);
            }
        }
        return missing;
    }

    Roster adding(Collection<Backend> added, Function<Backend, Member> newcomer, String pool) {
        Member[] all = Arrays.copyOf(members, members.length + added.size());
        int end = members.length;
        for (Backend backend : added) {
            all[end++] = newcomer.apply(backend);
        }
        return changedTo(all, "not yet in pool \"" + pool + "\"");
    }

    Roster removing(Member leaving) {
        Member[] left = Arrays.stream(members).filter(m -> m != leaving).toArray(Member[]::new);
        Tally counted = tally.copy();
        counted.out(leaving);
        return new Roster(left, Places.of(left), counted);
    }

    /** Exactly these; who stays keeps what is known, and who is new at an id that was known is a newcomer. */
    Roster replacedBy(Collection<Backend> wanted, Function<Backend, Member> newcomer) {
        Member[] all = new Member[wanted.size()];
        int end = 0;
        for (Backend backend : wanted) {
            Member here = end < members.length ? members[end] : null;
            boolean stands = here != null && here.backend().equals(backend);
            all[end++] = stands ? here : declared(backend, newcomer);
        }
        return changedTo(all, "only once in the list");
    }

    private Member declared(Backend backend, Function<Backend, Member> newcomer) {
        Member known = find(backend.id());
        return known != null && known.backend().address().equals(backend.address())
                ? known.with(backend)
                : newcomer.apply(backend);
    }

    /** With a member as it is now; it must be here. */
    Roster changing(Member after) {
        Member[] all = members.clone();
        int place = places.find(after.backend().id(), members);
        if (place >= 0) {
            all[place] = after;
        }
        return changedTo(all, "");
    }

    Roster changingAll(UnaryOperator<Member> change) {
        Member[] all = members.clone();
        Arrays.setAll(all, i -> change.apply(all[i]));
        return changedTo(all, "");
    }

    /** With each member as it is after a verdict; whoever is not here (any more) is passed over. */
    Roster judging(Collection<Verdict> verdicts, BiFunction<Member, Verdict, Member> change) {
        Member[] all = members.clone();
        for (Verdict verdict : verdicts) {
            int place = places.find(verdict.member().backend().id(), members);
            if (place >= 0 && all[place].load() == verdict.member().load()) {
                all[place] = change.apply(all[place], verdict);
            }
        }
        return Arrays.equals(all, members) ? this : changedTo(all, "");
    }

    /** Counts only what differs; {@code expected} says what is wrong with an id that stands in two places. */
    private Roster changedTo(Member[] all, String expected) {
        checkArgument(all.length <= MAX_MEMBERS, "members: %s (expected: <= %s)", all.length, MAX_MEMBERS);
        int[] differing = differing(all);
        Tally counted = tally.copy();
        for (int i : differing) {
            if (i < members.length) {
                counted.out(members[i]);
            }
            if (i < all.length) {
                counted.in(all[i]);
            }
        }
        int[] moved = Arrays.stream(differing).filter(i -> isMoved(i, all)).toArray();
        checkIds(moved, all, expected);
        return new Roster(all, places.after(moved, all), counted);
    }

    /** Written out, since most walks over all members come by here. */
    private int[] differing(Member[] all) {
        int[] differing = new int[8];
        int count = 0;
        for (int i = 0; i < Math.max(all.length, members.length); i++) {
            if (i >= all.length || i >= members.length || all[i] != members[i]) {
                differing = count < differing.length ? differing : Arrays.copyOf(differing, 2 * count);
                differing[count++] = i;
            }
        }
        return Arrays.copyOf(differing, count);
    }

    private boolean isMoved(int place, Member[] all) {
        return place < all.length
                && (place >= members.length
                        || !members[place]
                                .backend()
                                .id()
                                .equals(all[place].backend().id()));
    }

    private void checkIds(int[] moved, Member[] all, String expected) {
        Set<String> ids = new HashSet<>();
        for (int i : moved) {
            String id = all[i].backend().id();
            int other = places.find(id, all); // where it stood, if it still does
            checkArgument(
                    ids.add(id) && (other < 0 || other == i),
                    "backend: \"%s\" (expected: an id that is %s)",
                    id,
                    expected);
        }
    }

    /** Whether a member may go out for its traffic: nobody else has a say in it, somebody is left, and the caps hold. */
    boolean mayEject(Member member, int maxPercent, int maxDomainPercent) {
        return member.state() == BackendState.UP
                && member.standing().admin() == AdminState.NONE
                && tally.well() - (Selection.isWell(member) ? 1 : 0) > 0
                && (tally.ejected() + 1) * 100L <= (long) maxPercent * members.length
                && (maxDomainPercent == 100 || domains().mayEject(member, maxDomainPercent));
    }

    /** Whether so many are well without this member. One that is not well takes nothing away. */
    boolean leaves(Member member, int minLeft) {
        return !Selection.isWell(member) || tally.well() - 1 >= minLeft;
    }

    private FaultDomains domains() {
        if (domains == null) {
            domains = new FaultDomains(members);
        }
        return domains;
    }
}
