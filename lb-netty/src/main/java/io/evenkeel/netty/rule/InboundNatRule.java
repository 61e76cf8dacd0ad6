package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.pool.BackendPool;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

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
 * @param options how flows are treated; {@link FlowOptions#defaults} by default
 */
public record InboundNatRule(
        String name, Frontend frontend, BackendPool pool, String backend, int backendPort, FlowOptions options)
        implements Rule {

    /** Checks names, port and options. */
    public InboundNatRule {
        Checks.check(name, backendPort);
        Checks.check(options, frontend.protocol());
        checkArgument(!backend.isBlank(), "backend: \"%s\" (expected: the id of a backend)", backend);
    }

    @Override
    public List<Frontend> frontends() {
        return List.of(frontend);
    }

    /** A rule with the default options. */
    public static InboundNatRule of(String name, Frontend frontend, BackendPool pool, String backend, int backendPort) {
        return new InboundNatRule(
                name, frontend, pool, backend, backendPort, FlowOptions.defaults(frontend.protocol()));
    }

    /**
     * A rule for each of some backends, at ports one after the other: the first backend at the port of {@code first}, the
     * second at the next. A rule is named after its port, as in {@code rdp-50001}.
     *
     * @param backends the ids of the backends; the port of a backend depends on its place, so add new ones at the end
     */
    public static List<InboundNatRule> range(
            String name, Frontend first, BackendPool pool, List<String> backends, int backendPort) {
        int last = 65_536 - backends.size();
        checkArgument(
                !backends.isEmpty() && first.port() >= 1 && first.port() <= last,
                "frontPort: %s (expected: 1 to %s for %s backends, of which there is at least one)",
                first.port(),
                last,
                backends.size());
        return IntStream.range(0, backends.size())
                .mapToObj(i -> first.withPort(first.port() + i))
                .map(at -> of(name + "-" + at.port(), at, pool, backends.get(at.port() - first.port()), backendPort))
                .toList();
    }

    /** The same with other options. */
    public InboundNatRule withOptions(FlowOptions options) {
        return new InboundNatRule(name, frontend, pool, backend, backendPort, options);
    }

    /** The same with another idle timeout. */
    public InboundNatRule withIdleTimeout(Duration idleTimeout) {
        return withOptions(options.withIdleTimeout(idleTimeout));
    }

    /** The same with other limits. */
    public InboundNatRule withLimits(FlowLimits limits) {
        return withOptions(options.withLimits(limits));
    }

    /** The same with other options of its connections; refused for UDP. */
    public InboundNatRule withTcp(TcpOptions tcp) {
        return withOptions(options.withTcp(tcp));
    }

    /** The same with other options of its UDP flows; refused for TCP. */
    public InboundNatRule withUdp(UdpOptions udp) {
        return withOptions(options.withUdp(udp));
    }

    /** The same with a header for the backend that names the client. */
    public InboundNatRule withProxyProtocol(ProxyProtocol proxyProtocol) {
        return withOptions(options.withProxyProtocol(proxyProtocol));
    }
}
