package io.evenkeel.examples;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Sends requests at a steady rate, whether or not the ones before have been answered, and counts what comes back. */
final class Load implements AutoCloseable {
    private static final int PER_SECOND = 250;
    private static final int WORKERS = 32;

    private final String name;
    private final Callable<String> request;
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread pacer;
    private final long startNanos = System.nanoTime();
    private volatile long endNanos;
    private volatile boolean over;

    private Load(String name, Callable<String> request) {
        this.name = name;
        this.request = request;
        this.pacer = new Thread(this::pace, "load-" + name);
    }

    /** Starts at once. The request returns the text of the page. */
    static Load start(String name, Callable<String> request) {
        Load load = new Load(name, request);
        load.pacer.start();
        return load;
    }

    private void pace() {
        long due = startNanos;
        while (!over) {
            workers.execute(this::send);
            due += TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
            LockSupport.parkNanos(due - System.nanoTime());
        }
        endNanos = System.nanoTime();
    }

    private void send() {
        sent.increment();
        try {
            String page = request.call();
            answers.computeIfAbsent(page, p -> new LongAdder()).increment();
            if (!page.matches("Hello World from host myVM[1-9][0-9]?!")) {
                throw new IllegalStateException("wrong page: " + page);
            }
        } catch (Exception e) {
            failed.increment();
            failures.add(e.toString());
        }
    }

    /** How often a page has come so far. */
    long answers(String page) {
        LongAdder count = answers.get(page);
        return count == null ? 0 : count.sum();
    }

    /** Ends the load and waits for the last answers. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        pacer.join();
        workers.shutdown();
        if (!workers.awaitTermination(30, TimeUnit.SECONDS)) {
            failed.increment();
            failures.add("requests without an answer after 30 s");
        }
    }

    long sent() {
        return sent.sum();
    }

    long failed() {
        return failed.sum();
    }

    /** Requests a second over the whole load; after its end. */
    double rate() {
        return sent.sum() / ((endNanos - startNanos) / 1e9);
    }

    @Override
    public String toString() {
        String first = failures.isEmpty() ? "" : ", the first: " + failures.peek();
        return String.format("%-8s %5d requests at %.0f/s, %d failed%s", name, sent(), rate(), failed(), first);
    }
}
