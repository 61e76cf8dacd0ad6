package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.strategy.SelectionStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Spreads the flows of one front end or several over the healthy members of a pool, by a keyed hash unless told otherwise.
 * Immutable.
 *
 * @param name unique within its forwarder
 * @param frontends where clients come in: at least one, all of one protocol, IPv4 and IPv6 as you like. A client that comes
 *     back by another of them may find another backend, unless the session persistence says otherwise
 * @param pool who serves them; may be empty, and may change while the rule runs
 * @param backendPort the port to connect to, 1 to 65,535; 0 (the default) for the one in each backend's address
 * @param sessionPersistence which flows stay together; {@link SessionPersistence#NONE} by default
 * @param strategy who is chosen; empty (the default) for Maglev hashing with the hash secret of the forwarder
 * @param limits how many flows it serves at the same time; {@link FlowLimits#defaults()}, that is no limit, by default
 * @param lostMember what becomes of the connections of a member that goes down or leaves; they go on by default
 * @param idleTimeout how long a flow may be silent in both directions; 4 minutes for TCP and 60 s for UDP by default
 */
public record LoadBalancingRule(
        String name,
        List<Frontend> frontends,
        BackendPool pool,
        int backendPort,
        SessionPersistence sessionPersistence,
        Optional<SelectionStrategy> strategy,
        FlowLimits limits,
        LostMember lostMember,
        Duration idleTimeout)
        implements Rule {

    /** Checks name, front ends, port and time. */
    public LoadBalancingRule {
        Checks.check(name, backendPort, idleTimeout);
        frontends = List.copyOf(frontends);
        checkArgument(
                frontends.stream().map(Frontend::protocol).distinct().count() == 1,
                "frontends: %s (expected: at least one, all of one protocol)",
                frontends);
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
                FlowLimits.defaults(),
                LostMember.keep(),
                Rule.defaultIdleTimeout(frontend.protocol()));
    }

    /** The same with these front ends, and no other. */
    public LoadBalancingRule withFrontends(Frontend... frontends) {
        return new LoadBalancingRule(
                name,
                List.of(frontends),
                pool,
                backendPort,
                sessionPersistence,
                strategy,
                limits,
                lostMember,
                idleTimeout);
    }

    /** The same with one port for all backends. */
    public LoadBalancingRule withBackendPort(int backendPort) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, strategy, limits, lostMember, idleTimeout);
    }

    /** The same with another persistence. */
    public LoadBalancingRule withSessionPersistence(SessionPersistence sessionPersistence) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, strategy, limits, lostMember, idleTimeout);
    }

    /**
     * The same with another strategy than Maglev hashing. It is told the key of the session persistence: strategies that go by
     * the key (ring hash, rendezvous, hashing with bounded loads) keep flows together as it says, those that do not (round
     * robin, random, least loaded) ignore it, and then the session persistence has no effect. Give each rule a strategy of its
     * own: some remember whose turn it is.
     */
    public LoadBalancingRule withStrategy(SelectionStrategy strategy) {
        return new LoadBalancingRule(
                name,
                frontends,
                pool,
                backendPort,
                sessionPersistence,
                Optional.of(strategy),
                limits,
                lostMember,
                idleTimeout);
    }

    /** The same with other limits. */
    public LoadBalancingRule withLimits(FlowLimits limits) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, strategy, limits, lostMember, idleTimeout);
    }

    /** The same with another way to treat connections of a member that is lost. */
    public LoadBalancingRule withLostMember(LostMember lostMember) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, strategy, limits, lostMember, idleTimeout);
    }

    /** The same with another idle timeout. */
    public LoadBalancingRule withIdleTimeout(Duration idleTimeout) {
        return new LoadBalancingRule(
                name, frontends, pool, backendPort, sessionPersistence, strategy, limits, lostMember, idleTimeout);
    }
}
