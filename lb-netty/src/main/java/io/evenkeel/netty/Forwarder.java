package io.evenkeel.netty;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import io.evenkeel.event.Faults;
import io.evenkeel.netty.rule.Rule;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Listens at the front ends of its rules and forwards what arrives there to backends.
 *
 * <pre>{@code
 * BackendPool web = BackendPool.of("web", Backend.of("10.0.0.1", 8080), Backend.of("10.0.0.2", 8080));
 * try (Forwarder forwarder = Forwarder.builder()
 *         .rules(LoadBalancingRule.of("http", Frontend.tcp("127.0.0.10", 80), web))
 *         .build()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Does not look at what it carries, but for the server names and headers that rules and front ends ask for. A connection
 * that cannot be served is reset; half-closed connections go on in the other direction. Health is the pool's: whoever probes
 * it decides who gets new flows; take the pool of a {@link io.evenkeel.LoadBalancer} that was built with a probe. Connections
 * of a member that fails or leaves go on; UDP flows move to another member with their next datagram. A backend that is one of
 * its own front ends is never connected to, which would be a loop: that counts as an attempt that failed, and
 * {@link #faults()} has it once for each.
 *
 * <p>Runs on daemon threads of its own, so they keep no process alive. Safe for use by many threads.
 */
public final class Forwarder implements AutoCloseable {
    private static final Duration MAX_DRAIN = Duration.ofDays(365);

    private final Engine engine;
    private final Object updating = new Object();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile RuleTable table = RuleTable.EMPTY;

    private Forwarder(Engine engine) {
        this.engine = engine;
    }

    /** A builder with the defaults and no rule. */
    public static ForwarderBuilder builder() {
        return new ForwarderBuilder();
    }

    static Forwarder start(List<Rule> rules, Engine engine) throws IOException {
        Forwarder forwarder = new Forwarder(engine);
        try {
            forwarder.update(rules);
            return forwarder;
        } catch (Throwable e) {
            forwarder.close();
            throw e;
        }
    }

    /** As {@link #update(List)}. */
    public void update(Rule... rules) throws IOException {
        update(List.of(rules));
    }

    /**
     * Replaces all rules by these, while traffic flows: adds, changes and removes rules in one step. New front ends listen
     * before anything else changes, so a list that cannot be run changes nothing.
     *
     * <p>A front end whose protocol, address and port were there before keeps its socket, whatever becomes of its rule: no
     * client is turned away, and flows that are established go on under the rule they began with, to the backend they have;
     * only the idle timeout of UDP flows changes at once. New flows go by the new rule. A port that the system chose stays
     * with the name of its rule. Front ends that are gone stop to listen, and their flows are reset.
     *
     * <p>An address that overlaps one in use, such as a wildcard, cannot be taken over in one step. At least one rule must be
     * left, for an empty list is more often a mistake than a wish. Concurrent updates take effect one after the other. Blocks
     * until it is done; not for use by listeners.
     *
     * @throws IOException if a front end cannot listen; it names the rule and the address
     * @throws IllegalStateException if the forwarder is closed
     */
    public void update(List<? extends Rule> rules) throws IOException {
        List<Rule> wanted = List.copyOf(rules);
        RuleTable.check(wanted);
        engine.loops().checkMayWait();
        synchronized (updating) {
            checkOpen();
            try {
                RuleChange change = RuleChange.prepare(table, wanted, engine);
                table = change.after();
                engine.own().are(table.sockets().keySet());
                change.commit();
            } catch (RejectedExecutionException e) {
                checkState(closed.get(), e); // the event loops have ended meanwhile
            }
            if (closed.get()) { // meanwhile: either that close has seen the new table, or this sees that it was closed
                table.close();
            }
            checkOpen();
        }
    }

    private void checkOpen() {
        checkState(!closed.get(), "the forwarder is closed");
    }

    /** The rules, in the order in which they were given. */
    public List<Rule> rules() {
        return table.rules();
    }

    /**
     * Where a rule listens, with the real port also where the rule says 0; the first place if it has several. An unknown
     * name is refused.
     */
    public InetSocketAddress boundAddress(String ruleName) {
        return boundAddresses(ruleName).get(0);
    }

    /** Where a rule listens, in the order of its front ends, with the real ports. An unknown name is refused. */
    public List<InetSocketAddress> boundAddresses(String ruleName) {
        RuleTable now = table;
        List<RunningRule> frontends = now.frontends(ruleName);
        checkArgument(
                !frontends.isEmpty(),
                "rule: \"%s\" (expected: one of %s)",
                ruleName,
                now.entries().keySet());
        return frontends.stream().map(RunningRule::address).toList();
    }

    /** What listeners threw, and what went wrong inside. */
    public Faults faults() {
        return engine.events().faults();
    }

    /**
     * Stops to listen, resets every flow, and frees all sockets and threads; waits for that, for 5 s at the most. The pools
     * stay as they are. A second call does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            free();
        }
    }

    /**
     * The same, but gives flows time to finish: stops to listen at once, so that new connections are refused and new UDP flows
     * dropped, returns as soon as no flow is left, and resets what is left after {@code drain}. UDP flows have no end but
     * their idle timeout, and are waited for, too; their ports stay bound until then. An interrupt ends the wait early.
     *
     * @param drain how long flows may go on, at most 365 days; not for use by listeners
     */
    public void close(Duration drain) {
        checkArgument(
                !drain.isNegative() && drain.compareTo(MAX_DRAIN) <= 0,
                "drain: %s (expected: >= 0 and <= 365 days)",
                drain);
        engine.loops().checkMayWait();
        RuleTable last;
        synchronized (updating) { // so that an update does not bring anything to listen afterwards
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            last = table;
        }
        last.stop();
        try {
            engine.flows().awaitNone(drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        free();
    }

    private void free() {
        table.close();
        engine.loops().close();
    }
}
