package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.pool.BackendPool;
import java.time.Duration;
import java.util.List;

/**
 * Spreads the flows of one front end or several over the healthy members of a pool, by a keyed hash. Immutable.
 *
 * @param name unique within its forwarder
 * @param frontends where clients come in: at least one, all of one protocol, IPv4 and IPv6 as you like. A client that comes
 *     back by another of them may find another backend, unless the session persistence says otherwise
 * @param pool who serves them; may be empty, and may change while the rule runs
 * @param backendPort the port to connect to, 1 to 65,535; 0 (the default) for the one in each backend's address
 * @param sessionPersistence which flows stay together; {@link SessionPersistence#NONE} by default
 * @param lostMember what becomes of the connections of a member that goes down or leaves; they go on by default
 * @param idleTimeout how long a flow may be silent in both directions; 4 minutes for TCP and 60 s for UDP by default
 */
public record LoadBalancingRule(
        String name,
        List<Frontend> frontends,
        BackendPool pool,
        int backendPort,
        SessionPersistence sessionPersistence,
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
                LostMember.keep(),
                Rule.defaultIdleTimeout(frontend.protocol()));
    }

    /** The same with these front ends, and no other. */
    public LoadBalancingRule withFrontends(Frontend... frontends) {
        return new LoadBalancingRule(
                name, List.of(frontends), pool, backendPort, sessionPersistence, lostMember, idleTimeout);
    }

    /** The same with one port for all backends. */
    public LoadBalancingRule withBackendPort(int backendPort) {
        return new LoadBalancingRule(name, frontends, pool, backendPort, sessionPersistence, lostMember, idleTimeout);
    }

    /** The same with another persistence. */
    public LoadBalancingRule withSessionPersistence(SessionPersistence sessionPersistence) {
        return new LoadBalancingRule(name, frontends, pool, backendPort, sessionPersistence, lostMember, idleTimeout);
    }

    /** The same with another way to treat connections of a member that is lost. */
    public LoadBalancingRule withLostMember(LostMember lostMember) {
        return new LoadBalancingRule(name, frontends, pool, backendPort, sessionPersistence, lostMember, idleTimeout);
    }

    /** The same with another idle timeout. */
    public LoadBalancingRule withIdleTimeout(Duration idleTimeout) {
        return new LoadBalancingRule(name, frontends, pool, backendPort, sessionPersistence, lostMember, idleTimeout);
    }
}
