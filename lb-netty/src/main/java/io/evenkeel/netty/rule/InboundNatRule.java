package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.pool.BackendPool;
import java.time.Duration;

/**
 * Sends everything of a front end to one backend, in whatever health it is: the way in to repair it. Immutable.
 *
 * <p>While the backend is not in the pool, connections are reset and datagrams dropped; no other backend ever gets them.
 *
 * @param name unique within its forwarder
 * @param frontend where clients come in
 * @param pool where the backend is a member
 * @param backend the id of the backend; it need not be in the pool yet
 * @param backendPort the port to connect to, 1 to 65,535, such as 3389; 0 for the one in the backend's address
 * @param idleTimeout how long a flow may be silent in both directions; 4 minutes for TCP and 60 s for UDP by default
 * @param tcp how connections are treated; {@link TcpOptions#defaults()} by default
 */
public record InboundNatRule(
        String name,
        Frontend frontend,
        BackendPool pool,
        String backend,
        int backendPort,
        Duration idleTimeout,
        TcpOptions tcp)
        implements Rule {

    /** Checks names, port and time. */
    public InboundNatRule {
        Checks.check(name, backendPort, idleTimeout);
        checkArgument(!backend.isBlank(), "backend: \"%s\" (expected: the id of a backend)", backend);
    }

    /** A rule with the default idle timeout. */
    public static InboundNatRule of(String name, Frontend frontend, BackendPool pool, String backend, int backendPort) {
        return new InboundNatRule(
                name,
                frontend,
                pool,
                backend,
                backendPort,
                Rule.defaultIdleTimeout(frontend.protocol()),
                TcpOptions.defaults());
    }

    /** The same with another idle timeout. */
    public InboundNatRule withIdleTimeout(Duration idleTimeout) {
        return new InboundNatRule(name, frontend, pool, backend, backendPort, idleTimeout, tcp);
    }

    /** The same with other options of its TCP connections. */
    public InboundNatRule withTcp(TcpOptions tcp) {
        return new InboundNatRule(name, frontend, pool, backend, backendPort, idleTimeout, tcp);
    }
}
