package io.evenkeel.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * So many customers at a time, each of whom asks for a page and, as soon as it has come, for another: what is in flight is
 * as many as they are, however quick the machine is.
 */
final class Customers implements AutoCloseable {
    private final Callable<String> request;
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder sent = new LongAdder();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile int number;

    /** Nobody yet. The request returns the text of the page. */
    Customers(Callable<String> request) {
        this.request = request;
    }

    /** From now on there are so many; those who are too many go when their page has come, which this waits for. */
    void become(int number) throws InterruptedException {
        this.number = number;
        while (threads.size() < number) {
            int place = threads.size();
            Thread thread = new Thread(() -> ask(place), "customer-" + place);
            threads.add(thread);
            thread.start();
        }
        while (threads.size() > number) {
            threads.remove(threads.size() - 1).join();
        }
    }

    private void ask(int place) {
        while (place < number) {
            sent.increment();
            try {
                String page = request.call();
                if (!page.matches("Hello World from host myVM[1-9][0-9]!")) {
                    throw new IllegalStateException("wrong page: " + page);
                }
            } catch (Exception e) {
                failures.add(e.toString());
            }
        }
    }

    long sent() {
        return sent.sum();
    }

    /** What became of requests that failed. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() throws InterruptedException {
        become(0);
    }
}
