package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The examples that put the balancer under other clients than OkHttp itself. */
@Tag("okhttp")
class OtherClientsTest {
    private static final int VIRTUAL_SINCE = 21;

    @Test
    @DisplayName("2. calls of Retrofit go to both servers in turn")
    void retrofitIsBalanced() throws Exception {
        var answers = WithRetrofit.play();

        assertEquals(4, answers.size());
        assertEquals(Set.of("one", "two"), Set.of(answers.get(0), answers.get(1)));
        assertEquals(answers.subList(0, 2), answers.subList(2, 4));
    }

    @Test
    @DisplayName("2. a hundred calls of the JDK's client at once go to both servers alike")
    void theClientOfTheJdkIsBalanced() throws Exception {
        assertEquals(Map.of("one", 50, "two", 50), WithJdkClient.play());
    }

    @Test
    @DisplayName("2. the threads are virtual where the JDK has virtual threads")
    void threadsAreVirtualWhereThereAreSome() throws Exception {
        ExecutorService threads = WithJdkClient.threads();

        String thread = threads.submit(() -> Thread.currentThread().toString()).get();
        threads.shutdown();

        assertEquals(Runtime.version().feature() >= VIRTUAL_SINCE, thread.startsWith("VirtualThread"), thread);
    }
}
