package io.evenkeel.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.event.Faults;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class AskerTest {
    private final Faults faults = new Faults("test", System::nanoTime);

    @Test
    @DisplayName("7. no thread left for a look-up is nobody's fault, and the next probe comes")
    void noThreadLeftForALookupIsNobodysFault() throws Exception {
        try (ProbeSockets sockets = new ProbeSockets(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        })) {
            ProbeCall call = new Asker(sockets, faults).ask(HealthProbe.tcp(), Backend.of("vm1.test", 80));

            Throwable fault = call.answer().handle((result, thrown) -> thrown).join();
            assertTrue(fault instanceof NoSocketException, String.valueOf(fault));
        }
    }

    @Test
    @DisplayName("7. a look-up that is not needed any more gives up its place in the line")
    void aLookupThatIsNotNeededAnyMoreGivesUpItsPlace() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ProbeSockets sockets = new ProbeSockets(task -> {
            Thread thread = new Thread(() -> {
                awaitQuietly(release);
                task.run();
            });
            thread.setDaemon(true);
            return thread;
        })) {
            Asker asker = new Asker(sockets, faults);
            for (int i = 0; i < 100; i++) {
                ProbeCall call = asker.ask(HealthProbe.tcp(), Backend.of("vm" + i + ".test", 80));
                call.answer().complete(ProbeResult.bad("no answer within PT5S"));
            }

            assertEquals(0, sockets.waitingLookups());
        } finally {
            release.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
