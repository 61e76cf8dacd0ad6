package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import io.evenkeel.testing.Descriptors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every source owes discovery. */
interface BackendSourceContract {

    /** A source that is well and knows {@link #backends}. */
    BackendSource source() throws Exception;

    /** Whom it knows. */
    List<Backend> backends();

    @Test
    default void eachQuestionIsAnsweredOnceByTheCompleteList() throws Exception {
        BackendSource source = source();
        SourceLog log = new SourceLog();

        for (int i = 1; i <= 3; i++) {
            source.ask(log);
            int wanted = i;
            Await.until("the answer is there", () -> log.answers() >= wanted);
        }

        assertEquals(List.of(), log.failures());
        assertEquals(3, log.lists().size());
        log.lists().forEach(list -> assertEquals(Set.copyOf(backends()), new HashSet<>(list)));
        source.close();
    }

    @Test
    default void itHasANameForLogs() throws Exception {
        String name = source().name();

        assertFalse(name.isBlank());
        assertTrue(name.chars().noneMatch(Character::isISOControl), name);
    }

    @Test
    default void theAnswersBecomeMembersAndCloseFreesAll() throws Exception {
        BackendSource source = source();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        long before = Descriptors.open();
        try (BackendPool pool =
                BackendPool.builder("contract").scheduler(scheduler).build()) {
            Discovery discovery = Discovery.start(
                    pool,
                    List.of(source),
                    DiscoveryPolicy.defaults(),
                    scheduler,
                    new SplittableRandom(1),
                    System::nanoTime);
            Set<Backend> wanted = Set.copyOf(backends());
            Await.until(
                    "they are members",
                    () -> pool.snapshot().members().stream()
                            .map(m -> m.backend())
                            .collect(Collectors.toSet())
                            .equals(wanted));

            discovery.close();

            Await.until("its descriptors are closed", () -> Descriptors.open() <= before + 3);
            Await.until(
                    "its thread is gone",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(t -> t.getName().equals("evenkeel-source-contract")));
        } finally {
            scheduler.shutdownNow();
        }
    }
}
