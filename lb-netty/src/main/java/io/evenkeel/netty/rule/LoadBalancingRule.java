package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.Protocol;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.strategy.SelectionStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Spreads the flows of its front ends over the healthy members of a pool, by a keyed hash unless it is told otherwise.
 * Immutable.
 *
 * @param name unique within its forwarder
 * @param frontends where clients come in: at least one, all of one protocol, IPv4 and IPv6 alike
 * @param pool who serves them, but for clients of {@code serverNames}; may be empty, and may change while the rule runs
 * @param backendPort the port to connect to, 1 to 65,535; 0 (the default) for the one in each backend's address
 * @param sessionPersistence which flows stay together; {@link SessionPersistence#NONE} by default
 * @param strategy who is chosen; empty (the default) for Maglev hashing with the hash secret of the forwarder
 * @param serverNames which other pools serve TLS connections, by the server's name that clients ask for; empty (the default)
 *     for none: nothing of what clients send is looked at. TCP only
 * @param options how flows are treated; {@link FlowOptions#defaults} by default
 */
public record LoadBalancingRule(
        String name,
        List<Frontend> frontends,
        BackendPool pool,
        int backendPort,
        SessionPersistence sessionPersistence,
        Optional<SelectionStrategy> strategy,
        Optional<ServerNames> serverNames,
        FlowOptions options)
        implements Rule {

    /** Checks name, front ends, port and options. */
    public LoadBalancingRule {
        Checks.check(name, backendPort);
        frontends = List.copyOf(frontends);
        checkArgument(
                frontends.stream().map(Frontend::protocol).distinct().count() == 1,
                "frontends: %s (expected: at least one, all of one protocol)",
                frontends);
        Checks.check(options, frontends.get(0).protocol());
        checkArgument(
                serverNames.isEmpty() || frontends.get(0).protocol() == Protocol.TCP,
                "serverNames: %s (expected: none for UDP)",
                serverNames.map(names -> names.pools().keySet()).orElse(Set.of()));
    }

    /** A rule with the defaults for everything else. */
    public static LoadBalancingRule of(String name, Frontend frontend, BackendPool pool) {
        return new LoadBalancingRule(
                name,
                List.of(frontend),
                pool,
                0,
                SessionPersistence.NONE,
                Optional.empty(),
                Optional.empty(),
                FlowOptions.defaults(frontend.protocol()));
    }

    /** The same with these front ends, and no other. */
    public LoadBalancingRule withFrontends(Frontend... frontends) {
        return new LoadBalancingRule(
                name, List.of(frontends), pool, backendPort, sessionPersistence, strategy, serverNames, options);
    }

    /** The same with one port for all backends. */
    public LoadBalancingRule withBackendPort(int backendPort) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, strategy, serverNames, options);
    }

    /** The same with another persistence. */
    public LoadBalancingRule withSessionPersistence(SessionPersistence sessionPersistence) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, strategy, serverNames, options);
    }

    /**
     * The same with another strategy than Maglev hashing. It is told the key of the session persistence: strategies that go by
     * the key (ring hash, rendezvous, hashing with bounded loads) keep flows together as it says, those that do not (round
     * robin, random, least loaded) ignore it, and then the session persistence has no effect. Give each rule a strategy of its
     * own: some remember whose turn it is.
     */
    public LoadBalancingRule withStrategy(SelectionStrategy strategy) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, Optional.of(strategy), serverNames, options);
    }

    /**
     * The same with pools of their own for TLS connections to some servers, by name:
     *
     * <pre>{@code
     * LoadBalancingRule.of("https", Frontend.tcp("127.0.0.10", 443), web)
     *         .withServerNames(ServerNames.of(Map.of("shop.example.org", shop, "*.api.example.org", api)))
     * }</pre>
     *
     * <p>All else that the rule says holds for these pools, too: back-end port, session persistence, limits, and options.
     * Limits on flows of the rule and of a source are those of all its pools together. A connection is admitted before its
     * ClientHello is waited for.
     */
    public LoadBalancingRule withServerNames(ServerNames serverNames) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, strategy, Optional.of(serverNames), options);
    }

    /** The same with other options. */
    public LoadBalancingRule withOptions(FlowOptions options) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, strategy, serverNames, options);
    }

    /** The same with another idle timeout. */
    public LoadBalancingRule withIdleTimeout(Duration idleTimeout) {
        return withOptions(options.withIdleTimeout(idleTimeout));
    }

    /** The same with other limits. */
    public LoadBalancingRule withLimits(FlowLimits limits) {
        return withOptions(options.withLimits(limits));
    }

    /** The same with other options of its connections; refused for UDP. */
    public LoadBalancingRule withTcp(TcpOptions tcp) {
        return withOptions(options.withTcp(tcp));
    }

    /** The same with other options of its UDP flows; refused for TCP. */
    public LoadBalancingRule withUdp(UdpOptions udp) {
        return withOptions(options.withUdp(udp));
    }

    /** The same with a header for the backend that names the client. */
    public LoadBalancingRule withProxyProtocol(ProxyProtocol proxyProtocol) {
        return withOptions(options.withProxyProtocol(proxyProtocol));
    }
}
