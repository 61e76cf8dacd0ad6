package io.evenkeel.health;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One question to one backend: its answer, and whether a thread is still in the code of the user's probe. */
final class ProbeCall {
    private static final CompletableFuture<Void> LEFT = CompletableFuture.completedFuture(null);

    private final CompletableFuture<ProbeResult> answer = new CompletableFuture<>();
    private CompletableFuture<Void> left = LEFT; // guarded by this
    private @Nullable Thread inside; // guarded by this

    /** Whoever completes the answer by himself has stopped waiting, and the probe frees what it holds. */
    CompletableFuture<ProbeResult> answer() {
        return answer;
    }

    /** A thread is about to go for the answer, until {@link #leave}. False if nobody waits for it any more. */
    synchronized boolean enter() {
        if (answer.isDone()) {
            return false;
        }
        left = new CompletableFuture<>();
        return true;
    }

    void leave() {
        left().complete(null);
    }

    private synchronized CompletableFuture<Void> left() {
        return left;
    }

    /** Nobody waits for the answer any more, but a thread is still there. */
    boolean isStuck() {
        return answer.isDone() && !left().isDone();
    }

    /** For when the answer is there: runs {@code action} when no thread is there, at once or else by {@code executor}. */
    void whenLeft(Runnable action, Executor executor) {
        CompletableFuture<Void> now = left();
        if (now.isDone()) {
            action.run();
        } else {
            now.thenRunAsync(action, executor);
        }
    }

    /** From here on the present thread may be called back. False if nobody waits for the answer any more. */
    synchronized boolean beginInterruptible() {
        if (answer.isDone()) {
            return false;
        }
        inside = Thread.currentThread();
        return true;
    }

    synchronized void endInterruptible() {
        inside = null;
        boolean unused = Thread.interrupted(); // meant for the probe
    }

    /** Calls the thread back that has not returned. False if there is none. */
    synchronized boolean interrupt() {
        if (inside == null) {
            return false;
        }
        inside.interrupt();
        return true;
    }
}
