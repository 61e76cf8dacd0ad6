package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one source again and again, and keeps its last good list. What is not said to be safe for many threads is only
 * called within steps.
 */
final class Feed implements SourceObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final int LONGEST_REASON = 256;

    private final BackendSource source;
    private final BackendPool pool;
    private final DiscoveryPolicy policy;
    private final Steps steps;
    private final Runnable changed;
    private final SourceCall call;
    private final Pace pace;
    private final Plan question;
    private final Plan deadline;
    private final Plan hold;
    private boolean isAsked;
    private long askedNanos;
    private boolean isAwaited;
    private List<Backend> backends = List.of();
    private Map<Backend, String> refused = Map.of();
    private final AtomicReference<@Nullable Delivery> latest = new AtomicReference<>(); // only the newest counts
    private volatile Standing standing;
    private volatile boolean closed;

    private record Delivery(List<Backend> backends, Duration askAgainIn) {}

    /** What is known of the source; for {@link #status}. */
    private record Standing(long revision, long goodNanos, int size, boolean isStale, int failures, String reason) {
        Standing good(boolean isNew, long now, int members) {
            return new Standing(revision + (isNew ? 1 : 0), now, members, false, 0, "");
        }

        Standing failed(String why) {
            return new Standing(revision, goodNanos, size, isStale, failures + 1, why);
        }

        Standing stale() {
            return new Standing(revision, goodNanos, size, true, failures, reason);
        }
    }

    /** {@code changed} is run within steps whenever there is news. */
    Feed(BackendSource source, BackendPool pool, DiscoveryPolicy policy, Steps steps, Runnable changed) {
        this.source = source;
        this.pool = pool;
        this.policy = policy;
        this.steps = steps;
        this.changed = changed;
        this.call = new SourceCall(source, this, pool.faults(), "evenkeel-source-" + pool.name());
        this.pace = new Pace(policy, source.leastPause());
        this.question = new Plan(steps, this::hasten);
        this.deadline = new Plan(steps, this::giveUp);
        this.hold = new Plan(steps, this::becomeStale);
        this.standing = new Standing(0, steps.now(), 0, false, 0, "");
    }

    String name() {
        return source.name();
    }

    /** The last good list. */
    List<Backend> backends() {
        return backends;
    }

    /** Who was in the last answer and may not be a member, with the reason. */
    Map<Backend, String> refused() {
        return refused;
    }

    boolean isStale() {
        return standing.isStale();
    }

    /** Safe for use by many threads. */
    SourceStatus status() {
        Standing now = standing;
        Duration age = Duration.ofNanos(steps.now() - now.goodNanos());
        return new SourceStatus(name(), now.revision(), age, now.size(), now.isStale(), now.failures(), now.reason());
    }

    /** Asks now, or as soon as the source may be asked again; not while it is about to answer. */
    void hasten() {
        if (isAwaited) {
            return;
        }
        long waitNanos = NANOSECONDS.convert(source.leastPause()) - (steps.now() - askedNanos);
        if (isAsked && waitNanos > 0) {
            question.in(waitNanos);
        } else {
            ask();
        }
    }

    private void ask() {
        if (closed) {
            return;
        }
        question.cancel();
        isAsked = true;
        askedNanos = steps.now();
        isAwaited = true;
        deadline.in(NANOSECONDS.convert(policy.timeout()));
        if (!call.begin()) {
            fail("the question before still blocks");
        }
    }

    /** No answer in time. It is still welcome should it come. */
    private void giveUp() {
        if (isAwaited && steps.now() - askedNanos >= NANOSECONDS.convert(policy.timeout())) {
            call.interrupt();
            pool.faults().caught("source", new TimeoutException(name() + " has not answered in time"));
            fail("no answer within " + policy.timeout());
        }
    }

    @Override
    public void deliver(Collection<Backend> answered) {
        deliver(answered, policy.refresh());
    }

    @Override
    public void deliver(Collection<Backend> answered, Duration askAgainIn) {
        Delivery delivery;
        try {
            delivery = new Delivery(List.copyOf(answered), requireNonNull(askAgainIn, "askAgainIn"));
        } catch (RuntimeException e) { // null, or in the midst of a change
            pool.faults().caught("source", e);
            failed("not a list: " + e);
            return;
        }
        if (latest.getAndSet(delivery) == null) {
            steps.run(this::take);
        }
    }

    @Override
    public void failed(String reason) {
        // Many an exception has no message, and code that was not checked for nulls hands that on.
        String given = requireNonNullElse(reason, "no reason given");
        steps.run(() -> fail(given));
    }

    private void take() {
        Delivery delivery = latest.getAndSet(null);
        if (!closed && delivery != null) {
            take(delivery.backends(), delivery.askAgainIn());
        }
    }

    private void take(List<Backend> answered, Duration askAgainIn) {
        Set<String> known = backends.stream().map(Backend::id).collect(Collectors.toSet());
        Admission.Admitted admitted = new Admission(policy, source.isTrusted()).of(answered, known);
        refused = admitted.refused();
        if (admitted.backends().isEmpty()) {
            fail(answered.isEmpty() ? "an empty list" : "none of its " + answered.size() + " may be a member");
            return;
        }
        endQuestion();
        Standing before = standing;
        boolean isNew = !new HashSet<>(admitted.backends()).equals(new HashSet<>(backends));
        backends = admitted.backends();
        standing = before.good(isNew, steps.now(), backends.size());
        question.in(pace.afterAnswer(askAgainIn, steps.chance()));
        hold.cancel();
        if (before.failures() > 0) {
            LOG.info("source={} answers again: {} backends pool={}", name(), backends.size(), pool.name());
        }
        if (before.isStale()) {
            pool.listeners().staleChanged(pool.name(), name(), false, backends.size() + " backends");
        }
        changed.run();
    }

    private void fail(String reason) {
        if (closed) {
            return;
        }
        endQuestion();
        boolean isFirst = standing.failures() == 0;
        standing = standing.failed(oneLine(reason));
        question.in(pace.afterFailure(standing.failures(), steps.chance()));
        if (isFirst) {
            LOG.warn(
                    "source={} failed ({}): its last list of {} stays pool={}",
                    name(),
                    standing.reason(),
                    backends.size(),
                    pool.name());
            hold.in(NANOSECONDS.convert(policy.holdTime()));
        }
        changed.run();
    }

    private void endQuestion() {
        isAwaited = false;
        deadline.cancel();
    }

    private void becomeStale() {
        if (closed || standing.failures() == 0) {
            return;
        }
        standing = standing.stale();
        LOG.warn("source={} is stale ({}) pool={}", name(), standing.reason(), pool.name());
        pool.listeners().staleChanged(pool.name(), name(), true, standing.reason());
        changed.run();
    }

    /** Reasons come from outside and end in logs: a line break in one would forge a second line. */
    private static String oneLine(String reason) {
        String line = reason.replaceAll("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]", "?");
        return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "…" : line;
    }

    /** Safe for use by many threads. */
    @Override
    public void close() {
        closed = true;
        question.close();
        deadline.close();
        hold.close();
        call.interrupt();
        try {
            source.close();
        } catch (Throwable fault) {
            pool.faults().caught("source", fault);
        }
    }
}
