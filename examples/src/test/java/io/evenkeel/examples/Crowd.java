package io.evenkeel.examples;

import io.evenkeel.okhttp.Attempts;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Threads that call one after the other, each call with an id of its own, and note every call that failed. */
final class Crowd implements AutoCloseable {
    private static final RequestBody BODY = RequestBody.create(new byte[100]);

    private final OkHttpClient client;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final Set<Long> lost = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /** A call that its caller saw fail; times by {@link System#nanoTime}. */
    record Failure(long id, long began, long ended, List<String> sentTo, String attempts, Exception cause) {
        boolean isIdempotent() {
            return Crowd.isIdempotent(id);
        }
    }

    /** Starts at once. */
    Crowd(int size, OkHttpClient client) {
        this.client = client;
        for (int i = 0; i < size; i++) {
            Thread thread = new Thread(this::callUntilOver, "crowd-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** Two of three. */
    static boolean isIdempotent(long id) {
        return id % 3 != 0;
    }

    private void callUntilOver() {
        while (!over) {
            call(ids.incrementAndGet());
        }
    }

    private void call(long id) {
        Trace trace = new Trace();
        Request.Builder request = new Request.Builder()
                .url(id % 20 == 7 ? "http://orders/long" : "http://orders/short")
                .header("Id", String.valueOf(id))
                .tag(Trace.class, trace);
        switch ((int) (id % 3)) {
            case 0 -> request.post(BODY);
            case 1 -> request.put(BODY);
            default -> request.get();
        }
        Call call = client.newCall(request.build());
        long began = System.nanoTime();
        try (Response response = call.execute()) {
            String body = response.body().string();
            if (response.code() != 200 || !body.equals("well")) {
                throw new IOException("answered " + response.code() + " and " + body);
            }
            answered.incrementAndGet();
        } catch (Exception e) {
            String attempts = Attempts.of(call).toString();
            failures.add(new Failure(id, began, System.nanoTime(), trace.sentTo(), attempts, e));
            lost.add(id);
        }
    }

    /** Waits until so many calls more have been answered. */
    void awaitAnswers(long more) {
        long enough = answered.get() + more;
        Await.until(more + " more answers", Duration.ofMinutes(2), () -> answered.get() >= enough);
    }

    long answered() {
        return answered.get();
    }

    /** How many ids there were; the first is 1. */
    long ids() {
        return ids.get();
    }

    boolean isLost(long id) {
        return lost.contains(id);
    }

    List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** Ends the calls, the last ones included. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
