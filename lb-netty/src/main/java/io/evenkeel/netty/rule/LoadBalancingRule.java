package io.evenkeel.netty.rule;

import io.evenkeel.pool.BackendPool;
import java.time.Duration;

/**
 * Spreads the flows of a front end over the healthy members of a pool, by a keyed hash. Immutable.
 *
 * @param name unique within its forwarder
 * @param frontend where clients come in
 * @param pool who serves them; may be empty, and may change while the rule runs
 * @param backendPort the port to connect to, 1 to 65,535; 0 (the default) for the one in each backend's address
 * @param sessionPersistence which flows stay together; {@link SessionPersistence#NONE} by default
 * @param lostMember what becomes of the connections of a member that goes down or leaves; they go on by default
 * @param idleTimeout how long a flow may be silent in both directions; 4 minutes for TCP and 60 s for UDP by default
 * @param tcp how connections are treated; {@link TcpOptions#defaults()} by default
 */
public record LoadBalancingRule(
        String name,
        Frontend frontend,
        BackendPool pool,
        int backendPort,
        SessionPersistence sessionPersistence,
        LostMember lostMember,
        Duration idleTimeout,
        TcpOptions tcp)
        implements Rule {

    /** Checks name, port and time. */
    public LoadBalancingRule {
        Checks.check(name, backendPort, idleTimeout);
    }

    /** A rule with the defaults for everything else. */
    public static LoadBalancingRule of(String name, Frontend frontend, BackendPool pool) {
        return new LoadBalancingRule(
                name,
                frontend,
                pool,
                0,
                SessionPersistence.NONE,
                LostMember.keep(),
                Rule.defaultIdleTimeout(frontend.protocol()),
                TcpOptions.defaults());
    }

    /** The same with one port for all backends. */
    public LoadBalancingRule withBackendPort(int backendPort) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, tcp);
    }

    /** The same with another persistence. */
    public LoadBalancingRule withSessionPersistence(SessionPersistence sessionPersistence) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, tcp);
    }

    /** The same with another way to treat connections of a member that is lost. */
    public LoadBalancingRule withLostMember(LostMember lostMember) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, tcp);
    }

    /** The same with another idle timeout. */
    public LoadBalancingRule withIdleTimeout(Duration idleTimeout) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, tcp);
    }

    /** The same with other options of its TCP connections. */
    public LoadBalancingRule withTcp(TcpOptions tcp) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, tcp);
    }
}
