package io.evenkeel.netty;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.event.Faults;
import io.evenkeel.netty.rule.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Puts a {@link Forwarder} together. For use by one thread. */
public final class ForwarderBuilder {
    private final List<Rule> rules = new ArrayList<>();
    private final List<FlowListener> listeners = new ArrayList<>();
    private HashSecret hashSecret = HashSecret.random();
    private Duration connectTimeout = Duration.ofSeconds(3);
    private int connectAttempts = 3;
    private int threads = Runtime.getRuntime().availableProcessors();
    private int maxFlows = Descriptors.flowsWithin(Descriptors.limit());
    private Transport transport = Transport.AUTO;

    ForwarderBuilder() {}

    /** Adds rules. Names and front ends must be unique; front ends with port 0 may repeat. */
    public ForwarderBuilder rules(Rule... rules) {
        this.rules.addAll(List.of(rules));
        return this;
    }

    /** The key of the hash that spreads flows; random by default. Forwarders that must agree share one. */
    public ForwarderBuilder hashSecret(HashSecret hashSecret) {
        this.hashSecret = hashSecret;
        return this;
    }

    /** How long one attempt to connect to a backend may take, its name lookup apart; 3 s by default. */
    public ForwarderBuilder connectTimeout(Duration connectTimeout) {
        checkArgument(
                connectTimeout.compareTo(Duration.ofMillis(1)) >= 0
                        && connectTimeout.compareTo(Duration.ofDays(1)) <= 0,
                "connectTimeout: %s (expected: 1 ms to 24 h)",
                connectTimeout);
        this.connectTimeout = connectTimeout;
        return this;
    }

    /** How many backends are tried for a TCP client before it is reset; 3 by default. */
    public ForwarderBuilder connectAttempts(int connectAttempts) {
        checkArgument(connectAttempts >= 1, "connectAttempts: %s (expected: >= 1)", connectAttempts);
        this.connectAttempts = connectAttempts;
        return this;
    }

    /** How many event loops, of one thread each; as many as processors by default. */
    public ForwarderBuilder threads(int threads) {
        checkArgument(threads >= 1 && threads <= 1024, "threads: %s (expected: 1 to 1024)", threads);
        this.threads = threads;
        return this;
    }

    /**
     * How many flows there are at the same time, of all rules together; clients
     * above that are turned away, but a UDP rule rather gives up the flow it can best do without. By default what is
     * left of the file descriptors of the process after an eighth of them and 64 more, at two for each flow: never more than
     * half of the limit of descriptors, so that probes and the rest of the application go on working.
     */
    public ForwarderBuilder maxFlows(int maxFlows) {
        checkArgument(maxFlows >= 1, "maxFlows: %s (expected: >= 1)", maxFlows);
        this.maxFlows = maxFlows;
        return this;
    }

    /** Which interface of the operating system is used; {@link Transport#AUTO} by default. */
    public ForwarderBuilder transport(Transport transport) {
        this.transport = transport;
        return this;
    }

    /** Adds a listener. */
    public ForwarderBuilder listener(FlowListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Builds the forwarder; when it returns, all front ends are listening.
     *
     * @throws IOException if a front end cannot listen, such as on a port in use; nothing is left behind then
     */
    public Forwarder build() throws IOException {
        RuleTable.check(rules);
        FlowEvents events = new FlowEvents(listeners, new Faults("forwarder", System::nanoTime));
        ConnectPolicy connecting = new ConnectPolicy((int) connectTimeout.toMillis(), connectAttempts);
        EventLoops loops = new EventLoops(transport, threads);
        OwnFrontends own = new OwnFrontends(events.faults(), MachineAddresses.ofSystem());
        return Forwarder.start(
                rules, new Engine(loops, events, connecting, hashSecret, maxFlows, new FlowCount(), own));
    }
}
