package io.evenkeel.netty;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.event.Faults;
import io.evenkeel.netty.rule.Rule;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * <p>Does not look at what it carries. A connection that cannot be served is reset; half-closed connections go on in the
 * other direction. Health is the pool's: whoever probes it decides who gets new flows. Connections of a member that fails or
 * leaves go on; UDP flows move to another member with their next datagram.
 *
 * <p>Runs on daemon threads of its own, so they keep no process alive. Safe for use by many threads.
 */
public final class Forwarder implements AutoCloseable {
    private final EventLoops loops;
    private final Map<String, RunningRule> running;
    private final List<Rule> rules;
    private final Faults faults;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Forwarder(EventLoops loops, Map<String, RunningRule> running, List<Rule> rules, Faults faults) {
        this.loops = loops;
        this.running = running;
        this.rules = rules;
        this.faults = faults;
    }

    /** A builder with the defaults and no rule. */
    public static ForwarderBuilder builder() {
        return new ForwarderBuilder();
    }

    static Forwarder start(
            List<Rule> rules, EventLoops loops, HashSecret secret, ConnectPolicy connecting, FlowEvents events)
            throws IOException {
        Map<String, RunningRule> running = new LinkedHashMap<>();
        Forwarder forwarder = new Forwarder(loops, running, rules, events.faults());
        try {
            for (Rule rule : rules) {
                RuleContext context = new RuleContext(Route.of(rule, secret), loops, events, connecting);
                RunningRule started = rule.frontend().protocol() == Protocol.TCP
                        ? new TcpRule(context)
                        : new UdpRule(context, SocketBudget.ofProcess());
                running.put(rule.name(), started);
                started.bind();
            }
            return forwarder;
        } catch (Throwable e) {
            forwarder.close();
            throw e;
        }
    }

    /** The rules, in the order in which they were given. */
    public List<Rule> rules() {
        return rules;
    }

    /** Where a rule listens, with the real port also where the rule says 0. An unknown name is refused. */
    public InetSocketAddress boundAddress(String ruleName) {
        RunningRule rule = running.get(ruleName);
        checkArgument(rule != null, "rule: \"%s\" (expected: one of %s)", ruleName, running.keySet());
        return rule.address();
    }

    /** What listeners threw, and what went wrong inside. */
    public Faults faults() {
        return faults;
    }

    /**
     * Stops to listen, resets every flow, and frees all sockets and threads; waits for that, for 5 s at the most. The pools
     * stay as they are. A second call does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            running.values().forEach(RunningRule::close);
            loops.close();
        }
    }
}
