package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Sets;
import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    static final Roster EMPTY =
            new Roster(Row.EMPTY, new Backend[0], Places.of(new Member[0]), Tally.of(new Member[0]));

    private final Row row;
    private final Member[] members;
    private final Backend[] backends; // of the members, who are in no near cache when a whole list is compared
    private final Places places;
    private final Tally tally;
    private @Nullable FaultDomains domains; // counted when first asked for; guarded by the lock of the pool

    private Roster(Row row, Backend[] backends, Places places, Tally tally) {
        this.row = row;
        this.members = row.members();
        this.backends = backends;
        this.places = places;
        this.tally = tally;
    }

    Member[] members() {
        return members;
    }

    Row row() {
        return row;
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
        for (int i : other.row.since(row).gone()) {
            if (other.find(members[i]) == null) {
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

    /** Without a member, which must be here. */
    Roster removing(Member leaving) {
        int place = places.find(leaving.backend().id(), members);
        Member[] left = Arrays.copyOf(members, members.length - 1);
        System.arraycopy(members, place + 1, left, place, left.length - place);
        return changedTo(left, "");
    }

    /** Exactly these; who stays keeps what is known, and who is new at an id that was known is a newcomer. */
    Roster replacedBy(Collection<Backend> wanted, Function<Backend, Member> newcomer) {
        Object[] declared = wanted.toArray(); // of objects, since a copy of any other kind looks at each
        Difference difference = Difference.between(backends, declared);
        Member[] all = difference.carry(members, i -> declared((Backend) declared[i], newcomer));
        return changedTo(all, difference, "only once in the list");
    }

    /** With these, and without those ids; who has one of those and is among these stays, at the end. */
    Roster updatedBy(Collection<Backend> put, Set<String> leaving, Function<Backend, Member> newcomer) {
        Map<String, Backend> latest = new LinkedHashMap<>(); // of several with one id, the last one
        put.forEach(backend -> latest.put(backend.id(), backend));
        BitSet out = new BitSet();
        for (String id : leaving) {
            int place = places.find(id, members);
            if (place >= 0) {
                out.set(place);
            }
        }
        Backend[] declared = backends.clone();
        List<Backend> added = new ArrayList<>();
        for (Backend backend : latest.values()) {
            int place = places.find(backend.id(), members);
            if (place >= 0 && !out.get(place)) {
                declared[place] = backend;
            } else {
                added.add(backend);
            }
        }
        List<Backend> wanted = new ArrayList<>(declared.length + added.size());
        for (int i = out.nextClearBit(0); i < declared.length; i = out.nextClearBit(i + 1)) {
            wanted.add(declared[i]);
        }
        wanted.addAll(added);
        return replacedBy(wanted, newcomer);
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
        Difference difference = Difference.between(members, all);
        return difference.isNone() ? this : changedTo(all, difference, "");
    }

    private Roster changedTo(Member[] all, String expected) {
        return changedTo(all, Difference.between(members, all), expected);
    }

    /** Counts only what differs; {@code expected} says what is wrong with an id that stands in two places. */
    private Roster changedTo(Member[] all, Difference difference, String expected) {
        checkArgument(all.length <= MAX_MEMBERS, "members: %s (expected: <= %s)", all.length, MAX_MEMBERS);
        int[] gone = difference.gone();
        int[] came = difference.came();
        checkIds(gone, came, all, expected);
        Tally counted = tally.copy();
        for (int i : gone) {
            counted.out(members[i]);
        }
        for (int i : came) {
            counted.in(all[i]);
        }
        Backend[] declared = difference.carry(backends, i -> all[i].backend());
        return new Roster(new Row(all, row, difference), declared, places.after(difference, all), counted);
    }

    private void checkIds(int[] gone, int[] came, Member[] all, String expected) {
        Set<String> ids = Sets.newHashSetWithExpectedSize(came.length);
        for (int i : came) {
            String id = all[i].backend().id();
            int known = places.find(id, members);
            boolean isFree = known < 0 || Arrays.binarySearch(gone, known) >= 0;
            checkArgument(isFree && ids.add(id), "backend: \"%s\" (expected: an id that is %s)", id, expected);
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
