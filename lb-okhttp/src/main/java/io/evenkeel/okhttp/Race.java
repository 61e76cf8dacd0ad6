package io.evenkeel.okhttp;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.strategy.PickContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of one call: the first good answer wins, and whoever still runs is cancelled, which says nothing about his
 * backend. An answer that is a failure waits for those who still run. Exactly one end is told, unless the call never ends.
 */
final class Race {
    private static final Logger LOG = LoggerFactory.getLogger(Race.class);
    private static final long LEAST_NANOS = 1_000_000;

    private final Rules rules;
    private final Call outer;
    private final Callback end;
    private final Runner first;
    private final boolean isRepeatable;
    private final Alarm hedge;
    private volatile long beginNanos;

    // Guarded by this; no foreign code runs meanwhile.
    private final List<Runner> all = new ArrayList<>(2);
    private final List<Runner> running = new ArrayList<>(2);
    private final List<IOException> failures = new ArrayList<>(2);
    private @Nullable Response secondBest;
    private int started = 1;
    private boolean over;
    private boolean cancelled;

    /**
     * @param outer what the caller has
     * @param inner what the first attempt is
     * @param end is told how it ends
     */
    Race(Rules rules, Call outer, Call inner, Callback end) {
        this.rules = rules;
        this.outer = outer;
        this.end = end;
        this.first = new Runner(this, inner, rules.policy().attemptTimeout());
        this.isRepeatable = Repeats.areSafe(inner.request());
        this.hedge = new Alarm(isRepeatable ? rules.hedgeNanos() : 0, this::hedge);
        all.add(first);
        running.add(first);
    }

    /** The first attempt, which the caller starts when this has been begun. */
    Runner first() {
        return first;
    }

    void begin() {
        beginNanos = rules.route().now();
        first.begin(beginNanos);
        hedge.start();
    }

    /** All attempts so far. */
    synchronized List<Call> attempts() {
        return all.stream().map(Runner::call).toList();
    }

    private void hedge() {
        if (rules.hasOthers() && takeTurn()) {
            startAnother();
        }
    }

    private synchronized boolean takeTurn() {
        boolean isWanted = !over
                && !cancelled
                && started == 1
                && running.contains(first)
                && rules.route().attempts() > 1;
        if (!isWanted || !rules.route().budget().tryRetry()) {
            return false;
        }
        started++;
        return true;
    }

    private void startAnother() {
        Call call = rules.newCall(outer.request());
        limit(call);
        Runner runner = new Runner(this, call, rules.policy().attemptTimeout());
        boolean isTooLate;
        boolean isUnwanted;
        synchronized (this) {
            List<Backend> tried =
                    all.stream().flatMap(other -> other.tried().stream()).toList();
            BalancedCall.of(call).aim(context -> excluding(context, tried));
            isTooLate = over;
            isUnwanted = cancelled;
            if (!isTooLate) {
                all.add(runner);
                running.add(runner);
            }
        }
        if (isUnwanted) {
            call.cancel();
        }
        if (!isTooLate) {
            runner.begin(rules.route().now());
            call.enqueue(runner);
        }
    }

    private static PickContext excluding(PickContext context, List<Backend> tried) {
        PickContext others = context;
        for (Backend backend : tried) {
            others = others.excluding(backend);
        }
        return others;
    }

    /** One limit spans all attempts. */
    private void limit(Call call) {
        long limit = outer.timeout().timeoutNanos();
        if (limit > 0) {
            long left = limit - (rules.route().now() - beginNanos);
            call.timeout().timeout(Math.max(LEAST_NANOS, left), NANOSECONDS);
        }
    }

    void answered(Runner runner, Response response) throws IOException {
        boolean wins;
        @Nullable Response dropped;
        List<Runner> losers = List.of();
        synchronized (this) {
            running.remove(runner);
            wins = !over && (running.isEmpty() || rules.route().outcomeOf(response) != Outcome.FAILURE);
            dropped = over ? response : secondBest;
            secondBest = over || wins ? null : response;
            if (wins) {
                over = true;
                losers = List.copyOf(running);
            }
        }
        if (dropped != null) {
            dropped.close();
        }
        if (wins) {
            finish(runner, losers);
            end.onResponse(outer, response);
        }
    }

    private void finish(Runner winner, List<Runner> losers) {
        hedge.stop();
        long now = rules.route().now();
        rules.times().add(now - winner.startNanos());
        for (Runner loser : losers) {
            loser.call().cancel();
            rules.times().add(now - loser.startNanos()); // it would have taken longer still
        }
    }

    void failed(Runner runner, IOException failure) {
        boolean goesOn;
        @Nullable Response best;
        synchronized (this) {
            running.remove(runner);
            failures.add(failure);
            if (over || !running.isEmpty()) {
                return;
            }
            best = secondBest;
            goesOn = best == null && mayGoOnAfter(runner);
            over = !goesOn;
        }
        if (goesOn) {
            startAnother();
            return;
        }
        hedge.stop();
        if (best == null) {
            end.onFailure(outer, lastNamingEarlier());
        } else {
            tell(best);
        }
    }

    private void tell(Response best) {
        try {
            end.onResponse(outer, best);
        } catch (IOException failure) {
            LOG.info("the callback of {} failed", outer.request().method(), failure); // as OkHttp does
        }
    }

    private IOException lastNamingEarlier() {
        IOException last = failures.get(failures.size() - 1);
        for (IOException earlier : failures) {
            if (earlier != last) {
                last.addSuppressed(earlier);
            }
        }
        return last;
    }

    /** Gives everything up, the answer that may have come included. */
    void cancel() {
        List<Runner> present;
        synchronized (this) {
            cancelled = true;
            present = List.copyOf(all);
        }
        hedge.stop();
        present.forEach(runner -> runner.call().cancel());
    }

    private boolean mayGoOnAfter(Runner runner) {
        if (!runner.isOutOfTime()
                || !isRepeatable
                || cancelled
                || started >= rules.route().attempts()) {
            return false;
        }
        if (!rules.route().budget().tryRetry()) {
            return false;
        }
        started++;
        return true;
    }
}
