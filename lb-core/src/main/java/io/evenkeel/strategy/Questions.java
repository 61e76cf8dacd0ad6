package io.evenkeel.strategy;

import io.evenkeel.event.Faults;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The probes that are open: no more than there are places, whatever the probe does. A probe whose turn comes at a place
 * that is taken is left out. Timeouts are noticed by the picks that follow.
 */
final class Questions {
    static final int MOST = 256;

    private static final int LOOKS_PER_TIMEOUT = 4;

    private final AtomicReferenceArray<@Nullable Question> places = new AtomicReferenceArray<>(MOST);
    private final AtomicInteger turn = new AtomicInteger();
    private final LoadProbe probe;
    private final Prequal prequal;
    private final long timeoutNanos;
    private volatile long looked;
    private @Nullable Faults faults;

    Questions(LoadProbe probe, Prequal prequal, long timeoutNanos) {
        this.probe = probe;
        this.prequal = prequal;
        this.timeoutNanos = timeoutNanos;
    }

    /** Asks one member, unless too many probes are open. */
    void ask(Probed whom, long now) {
        int place = turn.getAndIncrement() & MOST - 1;
        Question question = new Question(whom, place, now);
        if (places.compareAndSet(place, null, question)) {
            question.start();
        }
    }

    /** Gives up those that have been open for too long. */
    void expire(long now) {
        if (Math.abs(now - looked) < timeoutNanos / LOOKS_PER_TIMEOUT) {
            return;
        }
        looked = now;
        for (int i = 0; i < MOST; i++) {
            Question question = places.get(i);
            if (question != null && question.isTooOld(now)) {
                question.giveUp();
            }
        }
    }

    /** Made by the first fault: what a time means is known by then. */
    private Faults faults() {
        synchronized (places) {
            Faults known = faults != null ? faults : new Faults("prequal", prequal::now);
            faults = known;
            return known;
        }
    }

    private final class Question implements BiConsumer<LoadProbe.@Nullable Answer, @Nullable Throwable> {
        private final AtomicBoolean isOpen = new AtomicBoolean(true);
        private final Probed whom;
        private final int place;
        private final long askedAt;
        private volatile @Nullable CompletionStage<LoadProbe.Answer> stage;

        Question(Probed whom, int place, long askedAt) {
            this.whom = whom;
            this.place = place;
            this.askedAt = askedAt;
        }

        void start() {
            try {
                CompletionStage<LoadProbe.Answer> started = probe.ask(whom.backend());
                stage = started;
                CompletionStage<?> unused = started.whenComplete(this);
            } catch (Throwable fault) {
                faults().caught("probe", fault);
                settle(null);
            }
        }

        boolean isTooOld(long now) {
            return now - askedAt > timeoutNanos;
        }

        @Override
        public void accept(LoadProbe.@Nullable Answer answer, @Nullable Throwable fault) {
            settle(isTooOld(prequal.now()) ? null : answer);
        }

        private void settle(LoadProbe.@Nullable Answer answer) {
            if (!isOpen.compareAndSet(true, false)) {
                return;
            }
            places.compareAndSet(place, this, null);
            if (answer == null) {
                whom.fellSilent();
            } else {
                whom.spoke();
                prequal.told(whom, answer, askedAt);
            }
        }

        /** Cancelled after it is settled, so that the cancellation is no second failure. */
        void giveUp() {
            settle(null);
            if (stage instanceof CompletableFuture<?> future) {
                try {
                    future.cancel(true);
                } catch (Throwable fault) {
                    faults().caught("probe", fault);
                }
            }
        }
    }
}
