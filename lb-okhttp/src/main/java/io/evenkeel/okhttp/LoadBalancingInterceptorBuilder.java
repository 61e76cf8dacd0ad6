package io.evenkeel.okhttp;

import io.evenkeel.LoadBalancer;
import io.evenkeel.affinity.HashSecret;
import io.evenkeel.backend.Backend;
import io.evenkeel.event.Faults;
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
import org.jspecify.annotations.Nullable;

/** Puts a {@link LoadBalancingInterceptor} together. For use by one thread. */
public final class LoadBalancingInterceptorBuilder {
    private final Map<Origin, LoadBalancer> routes = new LinkedHashMap<>();
    private FailoverPolicy failover = FailoverPolicy.defaults();
    private ResponseClassifier classifier = ResponseClassifier.serverErrors();
    private @Nullable RequestKey key;
    private HashSecret secret = HashSecret.random();
    private @Nullable RequestKey session;
    private int sessions;
    private boolean routesOnly;
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

    /** When and where a call is tried again; {@link FailoverPolicy#defaults} by default. Holds for each route. */
    public LoadBalancingInterceptorBuilder failover(FailoverPolicy failover) {
        this.failover = failover;
        return this;
    }

    /** What answers say about their backends; {@link ResponseClassifier#serverErrors} by default. */
    public LoadBalancingInterceptorBuilder classifier(ResponseClassifier classifier) {
        this.classifier = classifier;
        return this;
    }

    /**
     * Makes keyed picks of requests that have such a key: with a keyed strategy, such as {@code maglev}, they go to the same
     * backend as long as that stays. Others look at no key. Hashed with a secret that is random for each interceptor.
     */
    public LoadBalancingInterceptorBuilder key(RequestKey key) {
        return key(key, HashSecret.random());
    }

    /** The same with a secret that several processes share, so that their keys go the same ways. */
    public LoadBalancingInterceptorBuilder key(RequestKey key, HashSecret secret) {
        this.key = key;
        this.secret = secret;
        return this;
    }

    /**
     * Keeps each session on the backend that answered it last, with any strategy. The strategy chooses for a session that is
     * new, or whose backend is not to be had, and is not asked for others: round robin goes on where it was.
     *
     * @param session what a session is known by, such as {@code RequestKey.cookie("session")}; read again after the answer,
     *     which may have begun it
     * @param most how many are remembered for each route; the least recently used gives way
     */
    public LoadBalancingInterceptorBuilder sticky(RequestKey session, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " (expected: >= 1)");
        }
        this.session = session;
        this.sessions = most;
        return this;
    }

    /**
     * Refuses calls for other hosts, with an {@link java.net.UnknownServiceException}; they pass through untouched by
     * default. Redirects to them are followed below and not refused. Of several interceptors in one client, this is for the
     * one that was added last: it lets through what the others serve.
     */
    public LoadBalancingInterceptorBuilder routesOnly() {
        this.routesOnly = true;
        return this;
    }

    /** By which clock attempts are timed and retries budgeted; {@link System#nanoTime} by default. */
    public LoadBalancingInterceptorBuilder nanoClock(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
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
        LogicalHosts hosts = new LogicalHosts(routes.keySet());
        Lifetime lifetime = new Lifetime(connections, nanoClock, random);
        Map<String, List<Route>> byHost = routes.entrySet().stream()
                .map(route -> BalancedOrigin.of(route.getKey(), route.getValue(), hosts, lifetime, tlsNameOf))
                .map(this::routeTo)
                .collect(Collectors.groupingBy(
                        route -> route.origin().origin().host(), HashMap::new, Collectors.toUnmodifiableList()));
        return new LoadBalancingInterceptor(byHost, connections, routesOnly);
    }

    private Route routeTo(BalancedOrigin origin) {
        Faults faults = origin.balancer().pool().faults();
        Belonging belonging = new Belonging(key, secret, session, new Sessions(sessions), faults);
        return new Route(origin, failover, classifier, belonging, nanoClock);
    }
}
