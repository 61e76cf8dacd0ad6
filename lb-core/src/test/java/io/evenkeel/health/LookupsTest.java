package io.evenkeel.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.testing.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class LookupsTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Lookups lookups = new Lookups(LookupsTest::daemon, this::resolve);

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "lookups-test");
        thread.setDaemon(true);
        return thread;
    }

    /** A name server that hangs. */
    private InetSocketAddress resolve(InetSocketAddress address) {
        asked.add(address.getHostString());
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort());
    }

    private CompletableFuture<InetSocketAddress> begin(String host) {
        return lookups.resolve(InetSocketAddress.createUnresolved(host, 80));
    }

    @AfterEach
    void close() {
        release.countDown();
        lookups.close();
    }

    @Test
    @DisplayName("7. while a name server hangs, look-ups that nobody waits for do not pile up")
    void lookupsThatNobodyWaitsForDoNotPileUp() throws Exception {
        List<CompletableFuture<InetSocketAddress>> first = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            first.add(begin("first" + i));
        }
        Await.until("all threads hang", () -> asked.size() == 4);

        for (int i = 0; i < 1_000; i++) {
            begin("later" + i).cancel(false);
        }
        CompletableFuture<InetSocketAddress> wanted = begin("wanted");
        assertEquals(1, lookups.waiting());
        release.countDown();

        assertEquals(80, wanted.get(20, TimeUnit.SECONDS).getPort());
        assertEquals(5, asked.size());
        Await.until("the others have their answers", () -> first.stream().allMatch(CompletableFuture::isDone));
    }
}
