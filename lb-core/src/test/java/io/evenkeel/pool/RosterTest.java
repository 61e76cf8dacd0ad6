package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backend;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a roster takes over is what it would have if it were made of nothing. */
@Tag("membership")
class RosterTest {
    private static final int STEPS = 3_000;
    private static final int MANY = 200;
    private static final List<AdminState> ADMIN_STATES = List.of(AdminState.UP, AdminState.DOWN, AdminState.NONE);

    private final Random random = new Random(11);
    private final Events events = new Events("test", () -> 0, Runnable::run);
    private Roster roster = Roster.EMPTY;
    private int made;

    @Test
    void afterAnyChangesCountsAndPlacesAreThoseOfARosterMadeOfNothing() {
        for (int step = 0; step < STEPS; step++) {
            Roster before = roster;

            change();

            Member[] members = roster.members();
            assertEquals(counts(Tally.of(members)), counts(roster.tally()), "step " + step);
            for (Member member : members) {
                assertSame(member, roster.find(member.backend().id()), "step " + step);
            }
            assertNull(roster.find("b" + made));
            assertArrayEquals(members, roster.row().since(before.row()).carry(before.members(), i -> members[i]));
        }
    }

    @Test
    void anIdThatStandsInTwoPlacesIsRefusedHoweverNearTheyAre() {
        for (int step = 0; step < STEPS; step++) {
            change();
            List<Backend> declared = declared();
            if (!declared.isEmpty()) {
                int place = random.nextInt(declared.size());
                int other = Math.min(declared.size(), place + random.nextInt(4));
                declared.add(other, declared.get(place).withWeight(1 + random.nextInt(9)));

                assertThrows(IllegalArgumentException.class, () -> roster.replacedBy(declared, this::newcomer));
            }
        }
    }

    private void change() {
        if (roster.members().length > MANY) {
            roster = roster.replacedBy(declared().subList(MANY / 2, MANY), this::newcomer);
        }
        Member[] members = roster.members();
        List<Backend> declared = declared();
        int place = members.length == 0 ? 0 : random.nextInt(members.length);
        switch (members.length == 0 ? 0 : random.nextInt(8)) {
            case 0, 1 -> roster = roster.adding(others(1 + random.nextInt(3)), this::newcomer, "test");
            case 2, 3 -> roster = roster.removing(members[place]);
            case 4 -> {
                declared.set(place, declared.get(place).withWeight(random.nextInt(3)));
                roster = roster.replacedBy(declared, this::newcomer);
            }
            case 5 -> {
                declared.addAll(place, others(random.nextInt(12)));
                declared.remove(random.nextInt(declared.size()));
                roster = roster.replacedBy(declared, this::newcomer);
            }
            case 6 -> {
                Standing standing = members[place].standing();
                AdminState admin = ADMIN_STATES.get(random.nextInt(ADMIN_STATES.size()));
                roster = roster.changing(members[place].with(standing.withAdmin(admin)));
            }
            default -> {
                List<Verdict> verdicts = new ArrayList<>();
                for (Member member : members) {
                    if (random.nextInt(10) == 0) {
                        verdicts.add(new Verdict(member, random.nextBoolean(), "asked"));
                    }
                }
                roster = roster.judging(
                        verdicts,
                        (member, verdict) -> member.with(member.standing()
                                .withVerdict(verdict.isUp() ? BackendState.UP : BackendState.DOWN, verdict.reason())));
            }
        }
    }

    private List<Backend> declared() {
        List<Backend> declared = new ArrayList<>();
        Arrays.stream(roster.members()).forEach(m -> declared.add(m.backend()));
        return declared;
    }

    private List<Backend> others(int count) {
        List<Backend> others = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            others.add(backend(made++).withPriority(random.nextInt(3)));
        }
        return others;
    }

    private Member newcomer(Backend backend) {
        return Member.of(backend, Standing.of(BackendState.UP, "not probed"), events);
    }

    private static List<Object> counts(Tally tally) {
        List<Object> counts = new ArrayList<>(List.of(
                Arrays.toString(tally.priorities()),
                Arrays.toString(tally.shares()),
                tally.well(),
                tally.known(),
                tally.ejected(),
                tally.ramping(),
                tally.isTimed()));
        for (int level = 0; level < tally.priorities().length; level++) {
            counts.add(tally.wellAt(level));
        }
        return counts;
    }
}
