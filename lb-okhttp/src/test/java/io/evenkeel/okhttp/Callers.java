package io.evenkeel.okhttp;

import io.evenkeel.testing.Await;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Threads that call one after the other until they are closed, and note what failed. */
final class Callers implements AutoCloseable {
    private final OkHttpClient client;
    private final List<Request> requests;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicIntegerArray over; // calls of each thread
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private Callers(int size, OkHttpClient client, List<Request> requests) {
        this.client = client;
        this.requests = requests;
        this.over = new AtomicIntegerArray(size);
    }

    /** Starts at once, and makes these requests in turn. */
    static Callers start(int size, OkHttpClient client, Request... requests) {
        Callers callers = new Callers(size, client, List.of(requests));
        for (int i = 0; i < size; i++) {
            int place = i;
            Thread thread = new Thread(() -> callers.callUntilClosed(place), "caller-" + i);
            callers.threads.add(thread);
            thread.start();
        }
        return callers;
    }

    private void callUntilClosed(int place) {
        while (!closed) {
            Request request = requests.get(made.getAndIncrement() % requests.size());
            try {
                Fleet.body(client.newCall(request));
            } catch (Exception e) {
                failures.add(request.method() + ": " + e);
            }
            over.incrementAndGet(place);
        }
    }

    /** Waits until each thread has made so many calls more, so that those of now are over. */
    void awaitCalls(int more) {
        int[] enough = new int[over.length()];
        Arrays.setAll(enough, i -> over.get(i) + more);
        Await.until(
                more + " more calls of each",
                () -> IntStream.range(0, enough.length).allMatch(i -> over.get(i) >= enough[i]));
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Ends the calls, the last ones included. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
