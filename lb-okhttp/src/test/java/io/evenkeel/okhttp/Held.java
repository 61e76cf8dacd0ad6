package io.evenkeel.okhttp;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CountDownLatch;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;

/** Servers that answer {@code /held} only when they are let go. */
final class Held implements AutoCloseable {
    private final CountDownLatch go = new CountDownLatch(1);

    MockResponse answer(int server, RecordedRequest request) {
        if (request.getTarget().equals("/held")) {
            try {
                go.await(30, SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return Fleet.text("b" + server);
    }

    void letGo() {
        go.countDown();
    }

    @Override
    public void close() {
        letGo();
    }
}
