package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CensusTest {
    private static Member[] members(int count) {
        return poolOf(count).snapshot().members().toArray(Member[]::new);
    }

    @Test
    void itBeginsWithWhatIsOpen() {
        Member[] members = members(3);
        members[0].pick();
        members[2].pick();

        assertEquals(2, new Census(members, new Random(5)).total());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 17, 100, 1_000})
    void everyMemberIsCountedInLittleMoreThanAsManyPicksAsThereAreMembers(int count) {
        Member[] members = members(count);
        Census census = new Census(members, new Random(5));
        for (Member member : members) {
            member.pick();
        }

        // Of a thousand members 63 stretches are needed and 206 expected, standard deviation 14; of 16 members, 1 and
        // 22.
        for (int i = 0; i < 3 * count + 300; i++) {
            census.sometimesCount();
        }

        assertEquals(count, census.total());
    }

    @Test
    void itIsBehindByHalfAPickForEachMemberWhileLoadGrows() {
        Member[] members = members(100);
        Census census = new Census(members, new Random(5));
        SplittableRandom random = new SplittableRandom(6);
        double behind = 0;

        for (int i = 0; i < 20_000; i++) {
            census.sometimesCount();
            members[random.nextInt(100)].pick();
            behind += (i + 1) - census.total();
        }

        // On average half of the 100 picks of a round, and half a stretch.
        assertEquals(58, behind / 20_000, 12);
    }

    @Test
    void manyThreadsLeaveNoErrorBehind() throws InterruptedException {
        BackendPool pool = poolOf(50);
        Member[] members = pool.snapshot().members().toArray(Member[]::new);
        Census census = new Census(members, ThreadRandom.INSTANCE);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 16; t++) {
            SplittableRandom random = new SplittableRandom(t);
            threads.add(new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    census.sometimesCount();
                    Pick pick = members[random.nextInt(50)].pick();
                    if (i % 100 != 0) {
                        pick.close();
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        census.countAll();

        assertEquals(16 * 200, census.total());
        assertTrue(pool.snapshot().members().stream().allMatch(m -> m.load().inFlight() > 0));
    }
}
