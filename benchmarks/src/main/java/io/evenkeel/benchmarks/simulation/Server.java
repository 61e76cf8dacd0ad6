package io.evenkeel.benchmarks.simulation;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One server. Requests that it works on advance alike, each by at most one second a second, and all of them together by
 * no more than it has cores; those beyond its slots wait in a queue. So it is three servers in one: with slots and cores
 * without end it answers after a fixed time, with few slots it is a queue, with few cores it shares them.
 *
 * <p>Progress is counted once, for all requests: one that begins now ends when that count has grown by its work.
 */
final class Server implements Timeline.Event {
    static final double NO_END = Double.POSITIVE_INFINITY;

    /** What is left of a request after rounding to whole nanoseconds. */
    private static final double NOTHING = 1e-3;

    private final Timeline timeline;
    private final int slots;
    private final Jobs running = new Jobs();
    private final Queue<Attempt> waiting = new ArrayDeque<>();
    private final Gauge gauge = new Gauge();

    private double cores;
    private double speed = 1;
    private double stretch = 1;
    private boolean isPaused;
    private boolean isFailing;
    private boolean isDown;

    private double progress;
    private long progressAt;
    private double rate;
    private double plannedEnd;
    private int plan;

    Server(Timeline timeline, int slots, double cores) {
        this.timeline = timeline;
        this.slots = slots;
        this.cores = cores;
        this.progressAt = timeline.now();
    }

    /** Takes a request in; answers it now or later. */
    void accept(Attempt attempt) {
        attempt.arrivedAt(inFlight());
        if (isDown) {
            attempt.refuseSoon();
        } else if (isFailing) {
            gauge.answered(inFlight(), Attempt.QUICK_NANOS);
            attempt.failSoon();
        } else if (running.size() < slots) {
            start(attempt);
            replan();
        } else {
            waiting.add(attempt);
        }
    }

    private void start(Attempt attempt) {
        advance();
        attempt.endsAfter = progress + attempt.work() * stretch;
        running.add(attempt);
    }

    private void fill() {
        while (running.size() < slots && !waiting.isEmpty()) {
            start(waiting.remove());
        }
    }

    /** Nobody waits for it any more: it is taken out. */
    void drop(Attempt attempt) {
        if (!waiting.remove(attempt) && running.remove(attempt)) {
            fill();
            replan();
        }
    }

    /** The next request ends, unless things have changed since that was planned. */
    @Override
    public void happen(int tag) {
        if (tag != plan) {
            return;
        }
        advance();
        plannedEnd = Double.NaN;
        Attempt first = running.first();
        while (first != null && first.endsAfter <= progress + NOTHING) {
            running.removeFirst();
            fill();
            gauge.answered(first.loadAtArrival(), timeline.now() - first.began());
            first.answered(true);
            first = running.first();
        }
        replan();
    }

    private void advance() {
        progress += rate * (timeline.now() - progressAt);
        progressAt = timeline.now();
    }

    /** After each change: how fast it goes on, and when the next request ends. */
    private void replan() {
        advance();
        Attempt first = running.first();
        double now = isPaused || first == null ? 0 : speed * Math.min(1, cores / running.size());
        double end = first == null ? Double.NaN : first.endsAfter;
        if (now == rate && end == plannedEnd) {
            return;
        }
        rate = now;
        plannedEnd = end;
        plan++;
        if (rate > 0) {
            timeline.in((long) Math.ceil((end - progress) / rate), this, plan);
        }
    }

    /** Requests that it has taken in and not answered. */
    int inFlight() {
        return running.size() + waiting.size();
    }

    /** How long a request takes that comes now, by what the server has seen. */
    long latencyNanos() {
        return gauge.nanosAt(inFlight());
    }

    /** How many requests it can work on at full speed. */
    void cores(double cores) {
        this.cores = cores;
        replan();
    }

    /** How fast all of its work goes on: 1 is as declared. */
    void speed(double speed) {
        this.speed = speed;
        replan();
    }

    /** How much longer requests take that begin from now on: 1 is as declared. */
    void stretch(double stretch) {
        this.stretch = stretch;
    }

    /** Stands still, with all it works on, as for a collection of garbage. */
    void paused(boolean isPaused) {
        this.isPaused = isPaused;
        replan();
    }

    /** Answers each new request by an error after 1 ms. */
    void failing(boolean isFailing) {
        this.isFailing = isFailing;
    }

    /** Refuses connections, and loses what it was working on. */
    void down(boolean isDown) {
        this.isDown = isDown;
        if (isDown) {
            @Nullable Attempt lost = running.first();
            while (lost != null) {
                running.removeFirst();
                lost.lost();
                lost = running.first();
            }
            waiting.forEach(Attempt::lost);
            waiting.clear();
            replan();
        }
    }

    boolean isDown() {
        return isDown;
    }
}
