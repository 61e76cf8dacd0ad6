package io.evenkeel.health;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.testing.Await;
import io.evenkeel.testing.Descriptors;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every probe owes the monitor. */
interface HealthProbeContract {

    /** A probe, as it is by default. */
    HealthProbe probe();

    /** A server that such a probe finds well. */
    AutoCloseable well() throws Exception;

    /** Where a server listens. */
    InetSocketAddress addressOf(AutoCloseable server);

    /** A server that such a probe waits for until it is cancelled. */
    AutoCloseable hanging() throws Exception;

    @Test
    default void aBackendThatIsWellIsGood() throws Exception {
        try (Asking asking = new Asking();
                AutoCloseable server = well()) {
            ProbeResult result = asking.ask(probe(), addressOf(server));

            assertTrue(result.isGood(), result.reason());
        }
    }

    @Test
    default void aClosedPortIsBadAtOnceAndNothingIsThrown() throws Exception {
        try (Asking asking = new Asking()) {
            ProbeResult result = asking.ask(probe(), Asking.closedPort());

            assertNotNull(result);
            assertFalse(result.isGood());
            assertFalse(result.reason().isBlank());
        }
    }

    @Test
    default void aProbeThatIsCancelledFreesItsSocket() throws Exception {
        try (Asking asking = new Asking();
                AutoCloseable server = hanging()) {
            asking.begin(probe(), addressOf(server)).cancel(true); // threads and selectors are there from now on
            long before = Descriptors.open();
            CompletableFuture<?>[] questions = new CompletableFuture<?>[20];

            for (int i = 0; i < questions.length; i++) {
                questions[i] = asking.begin(probe(), addressOf(server));
            }
            for (CompletableFuture<?> question : questions) {
                assertFalse(question.isDone());
                question.cancel(true);
            }

            // The server closes its side when it sees that the probe has gone.
            Await.until("descriptors are back at " + before, () -> Descriptors.open() <= before + 3);
        }
    }

    @Test
    default void aProbeOfAMonitorThatIsClosedIsBad() throws Exception {
        Asking asking = new Asking();
        asking.close();

        assertFalse(asking.ask(probe(), Asking.closedPort()).isGood());
    }
}
