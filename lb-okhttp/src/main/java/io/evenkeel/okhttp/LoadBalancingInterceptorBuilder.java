package io.evenkeel.okhttp;

import io.evenkeel.LoadBalancer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts a {@link LoadBalancingInterceptor} together. For use by one thread. */
public final class LoadBalancingInterceptorBuilder {
    /** One that is down and one that goes down meanwhile leave a third; more would only hide that all are down. */
    private static final int DEFAULT_ATTEMPTS = 3;

    private final Map<Origin, BalancedOrigin> routes = new LinkedHashMap<>();
    private int attempts = DEFAULT_ATTEMPTS;

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
        if (routes.putIfAbsent(key, new BalancedOrigin(key, balancer)) != null) {
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

    /** Builds the interceptor. Add it to a client by {@link LoadBalancingInterceptor#install}. */
    public LoadBalancingInterceptor build() {
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("routes: none (expected: one at least)");
        }
        Map<String, List<BalancedOrigin>> byHost = routes.values().stream()
                .collect(Collectors.groupingBy(
                        route -> route.origin().host(), HashMap::new, Collectors.toUnmodifiableList()));
        return new LoadBalancingInterceptor(byHost, attempts);
    }
}
