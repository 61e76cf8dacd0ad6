package io.evenkeel.discovery;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.ScriptedSource;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a source is asked again, and when it counts as stale. */
@Tag("membership")
class SourcePaceTest {
    private static final DiscoveryPolicy EVEN = DiscoveryPolicy.defaults().withJitter(0);

    private final VirtualTime time = new VirtualTime();
    private final BackendPool pool = BackendPool.builder("test")
            .scheduler(time)
            .nanoClock(time::nanoTime)
            .listenerExecutor(Runnable::run)
            .build();
    private final ScriptedSource source = new ScriptedSource("registry");

    private Discovery start(DiscoveryPolicy policy, BackendSource asked) {
        Discovery discovery =
                Discovery.start(pool, List.of(asked), policy, time, new SplittableRandom(1), time::nanoTime);
        time.advance(Duration.ZERO);
        return discovery;
    }

    private void seconds(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void aSourceIsStaleAfterTheHoldTimeAndNotBefore() {
        Discovery discovery = start(EVEN.withHoldTime(Duration.ofSeconds(40)), source.answering(backends(2)));
        source.answering(List.of());
        seconds(30); // the first failure

        seconds(39);
        assertEquals(false, discovery.sources().get(0).isStale());
        seconds(1);

        assertEquals(true, discovery.sources().get(0).isStale());
    }

    @Test
    void afterAFailureTheNextQuestionsComeSoonAndThenLessOften() {
        start(EVEN.withRefresh(Duration.ofSeconds(60)), source.answering(backends(2)));
        source.answering(List.of());
        seconds(60);
        assertEquals(2, source.asked());

        seconds(5);
        assertEquals(3, source.asked()); // after 5 s
        seconds(10);
        assertEquals(4, source.asked()); // after 10 s
        seconds(20);
        assertEquals(5, source.asked()); // after 20 s
        seconds(40);
        assertEquals(6, source.asked()); // after 40 s
        seconds(600);
        assertEquals(16, source.asked()); // each minute from then on
    }

    @Test
    void questionsOfManyClientsSpread() {
        Set<Long> gaps = new HashSet<>();
        Pace pace = new Pace(DiscoveryPolicy.defaults(), Duration.ZERO);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            gaps.add(pace.afterAnswer(Duration.ofSeconds(30), random.nextDouble()) / 1_000_000_000);
        }

        assertEquals(Set.of(27L, 28L, 29L, 30L, 31L, 32L), gaps);
    }

    @Test
    void askingNowDoesNotAskMoreOftenThanTheSourceAllows() {
        List<Long> asked = new ArrayList<>();
        BackendSource slow = new BackendSource() {
            @Override
            public void ask(SourceObserver observer) {
                asked.add(time.nanoTime() / 1_000_000_000);
                observer.deliver(backends(2));
            }

            @Override
            public boolean mayBlock() {
                return false;
            }

            @Override
            public Duration leastPause() {
                return Duration.ofSeconds(5);
            }
        };
        Discovery discovery = start(EVEN, slow);

        for (int i = 0; i < 10; i++) {
            seconds(1);
            discovery.refresh();
        }
        seconds(0);

        assertEquals(List.of(0L, 5L, 10L), asked);
    }

    @Test
    void askingNowDoesNotAskTwiceWhileAnAnswerIsAwaited() {
        Discovery discovery = start(EVEN, source.doing(() -> null));

        discovery.refresh();
        seconds(9);
        assertEquals(1, source.asked());
        assertEquals(0, discovery.sources().get(0).failures());
        seconds(1);

        assertEquals("no answer within PT10S", discovery.sources().get(0).reason());
        assertEquals(1, pool.faults().count());
    }

    @Test
    void aSourceMaySayWhenItIsToBeAskedAgain() {
        start(EVEN, source.doing(() -> null));
        source.observer().deliver(backends(2), Duration.ofSeconds(3));
        time.advance(Duration.ZERO);

        seconds(2);
        assertEquals(1, source.asked());
        seconds(1);

        assertEquals(2, source.asked());
    }

    @Test
    void aSourceThatSaysZeroIsNotAskedWithoutEnd() {
        start(EVEN, source.doing(() -> {
            source.observer().deliver(backends(2), Duration.ZERO);
            return null;
        }));

        seconds(10);

        assertEquals(101, source.asked());
    }

    @Test
    @DisplayName("7. a source that fails without a word is asked again")
    void aSourceThatFailsWithoutAWordIsAskedAgain() {
        Discovery discovery = start(EVEN, source.doing(() -> null));

        source.observer().failed(null); // as the message of many an exception is
        seconds(5);

        assertEquals(2, source.asked());
        assertEquals("no reason given", discovery.sources().get(0).reason());
    }

    @Test
    @DisplayName("7. a list without the time until the next question is no answer, and leads to another question")
    void aListWithoutATimeLeadsToAnotherQuestion() {
        Discovery discovery = start(EVEN, source.doing(() -> null));

        source.observer().deliver(backends(2), null);
        seconds(5);

        assertEquals(2, source.asked());
        assertEquals(1, discovery.sources().get(0).failures());
    }

    @Test
    void timesOfASourceThatNoClockCanCountAreAsLongAsPossible() {
        List<Long> asked = new ArrayList<>();
        BackendSource once = new BackendSource() {
            @Override
            public void ask(SourceObserver observer) {
                asked.add(time.nanoTime());
                observer.deliver(backends(2), Duration.ofSeconds(Long.MIN_VALUE)); // from a computation that overflowed
            }

            @Override
            public boolean mayBlock() {
                return false;
            }

            @Override
            public Duration leastPause() {
                return Duration.ofSeconds(Long.MAX_VALUE);
            }
        };

        start(EVEN.withTimeout(Duration.ofSeconds(Long.MAX_VALUE)).withHoldTime(Duration.ofDays(200_000)), once);
        time.advance(Duration.ofDays(3_000));

        assertEquals(1, asked.size());
        assertEquals(2, pool.snapshot().members().size());
    }
}
