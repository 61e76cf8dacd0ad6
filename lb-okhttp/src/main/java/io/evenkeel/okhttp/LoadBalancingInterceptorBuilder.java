package io.evenkeel.okhttp;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Puts a {@link LoadBalancingInterceptor} together. For use by one thread. */
public final class LoadBalancingInterceptorBuilder {
    /** One that is down and one that goes down meanwhile leave a third; more would only hide that all are down. */
    private static final int DEFAULT_ATTEMPTS = 3;

    private final Map<Origin, LoadBalancer> routes = new LinkedHashMap<>();
    private int attempts = DEFAULT_ATTEMPTS;
    private ConnectionPolicy connections = ConnectionPolicy.defaults();
    private Function<Backend, Optional<String>> tlsNameOf = backend -> Optional.empty();
    private LongSupplier nanoClock = System::nanoTime;
    private RandomGenerator random = new Random();

    LoadBalancingInterceptorBuilder() {}

    /**
     * Lets {@code balancer} choose where calls for {@code origin} go. At least one route is needed.
     *
     * @param origin scheme, host and perhaps port of a URL, such as {@code http://orders}. The host is a name that needs
     *     to be known to nobody else; an IP address is refused, since OkHttp would connect to it without asking
     * @throws IllegalArgumentException if it is anything else, or was given before
     */
    public LoadBalancingInterceptorBuilder route(String origin, LoadBalancer balancer) {
        Origin key = Origin.of(origin);
        if (routes.putIfAbsent(key, balancer) != null) {
            throw new IllegalArgumentException(
                    "route: \"" + origin + "\" (expected: each origin once; " + key + " was given before)");
        }
        return this;
    }

    /**
     * How many backends a call tries when it cannot connect, the first included; 3 by default, 1 for no failover. Each
     * may take the connect timeout of the client; a call timeout spans them all.
     */
    public LoadBalancingInterceptorBuilder attempts(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: " + attempts + " (expected: >= 1)");
        }
        this.attempts = attempts;
        return this;
    }

    /** How long connections are kept; {@link ConnectionPolicy#defaults} by default. */
    public LoadBalancingInterceptorBuilder connections(ConnectionPolicy connections) {
        this.connections = connections;
        return this;
    }

    /**
     * For backends whose certificate is for a name of their own, and not for the logical host: that name is asked for (SNI)
     * and verified in its place, by the same trust and the same verifier. Pins stay those of the logical host. None by
     * default. OkHttp builds its index of trusted issuers anew for each such call.
     *
     * @param nameOf the name of a backend's certificate, such as {@code pod-0.orders.internal}, or empty for the logical
     *     host; asked once for each backend
     */
    public LoadBalancingInterceptorBuilder tlsName(Function<Backend, Optional<String>> nameOf) {
        this.tlsNameOf = nameOf;
        return this;
    }

    /** Time and chance from outside. */
    LoadBalancingInterceptorBuilder by(LongSupplier nanoClock, RandomGenerator random) {
        this.nanoClock = nanoClock;
        this.random = random;
        return this;
    }

    /** Builds the interceptor. Add it to a client by {@link LoadBalancingInterceptor#install}. */
    public LoadBalancingInterceptor build() {
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("routes: none (expected: one at least)");
        }
        Lifetime lifetime = new Lifetime(connections, nanoClock, random);
        Map<String, List<BalancedOrigin>> byHost = routes.entrySet().stream()
                .map(route -> BalancedOrigin.of(route.getKey(), route.getValue(), lifetime, tlsNameOf))
                .collect(Collectors.groupingBy(
                        route -> route.origin().host(), HashMap::new, Collectors.toUnmodifiableList()));
        return new LoadBalancingInterceptor(byHost, connections, attempts, nanoClock);
    }
}
