package io.evenkeel.health;

import io.evenkeel.pool.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges answers on the scheduler's thread, those that have come meanwhile together: so that a pool of ten thousand that
 * turns over in a second changes some dozen times.
 */
final class Judging {
    /** An answer that has come. */
    interface Answered {
        /** The verdict, if it has changed. */
        @Nullable
        Verdict judge();

        /** The verdict has been told, and the next probe may begin. */
        default void end() {}
    }

    private final Queue<Answered> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isJudging = new AtomicBoolean();
    private final Executor executor;
    private final Consumer<List<Verdict>> tell;

    Judging(Executor executor, Consumer<List<Verdict>> tell) {
        this.executor = executor;
        this.tell = tell;
    }

    void add(Answered answered) {
        waiting.add(answered);
        begin();
    }

    private void begin() {
        if (!waiting.isEmpty() && isJudging.compareAndSet(false, true)) {
            executor.execute(this::judge);
        }
    }

    private void judge() {
        List<Answered> taken = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        try {
            for (Answered next = waiting.poll(); next != null; next = waiting.poll()) {
                taken.add(next);
                Verdict verdict = next.judge();
                if (verdict != null) {
                    verdicts.add(verdict);
                }
            }
            if (!verdicts.isEmpty()) {
                tell.accept(verdicts);
            }
        } finally {
            taken.forEach(Answered::end);
            isJudging.set(false);
            begin(); // what came after the last look
        }
    }
}
