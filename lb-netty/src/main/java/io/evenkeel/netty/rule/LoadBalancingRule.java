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
 * @param proxyProtocol how the backend is told who the client is; {@link ProxyProtocol#OFF} by default
 */
public record LoadBalancingRule(
        String name,
        Frontend frontend,
        BackendPool pool,
        int backendPort,
        SessionPersistence sessionPersistence,
        LostMember lostMember,
        Duration idleTimeout,
        ProxyProtocol proxyProtocol)
        implements Rule {

    /** Checks name, port and time. */
    public LoadBalancingRule {
        Checks.check(name, backendPort, idleTimeout);
        Checks.check(proxyProtocol, frontend);
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
                ProxyProtocol.OFF);
    }

    /** The same with one port for all backends. */
    public LoadBalancingRule withBackendPort(int backendPort) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, proxyProtocol);
    }

    /** The same with another persistence. */
    public LoadBalancingRule withSessionPersistence(SessionPersistence sessionPersistence) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, proxyProtocol);
    }

    /** The same with another way to treat connections of a member that is lost. */
    public LoadBalancingRule withLostMember(LostMember lostMember) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, proxyProtocol);
    }

    /** The same with another idle timeout. */
    public LoadBalancingRule withIdleTimeout(Duration idleTimeout) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, proxyProtocol);
    }

    /** The same with a header for the backend that names the client. */
    public LoadBalancingRule withProxyProtocol(ProxyProtocol proxyProtocol) {
        return new LoadBalancingRule(
                name, frontend, pool, backendPort, sessionPersistence, lostMember, idleTimeout, proxyProtocol);
    }
}
