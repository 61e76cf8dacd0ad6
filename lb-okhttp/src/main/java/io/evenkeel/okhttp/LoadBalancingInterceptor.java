package io.evenkeel.okhttp;

import io.evenkeel.NoBackendException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownServiceException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends each call for a logical host to a backend that a {@link io.evenkeel.LoadBalancer} chooses.
 *
 * <pre>{@code
 * LoadBalancingInterceptor balancing = LoadBalancingInterceptor.builder()
 *         .route("http://orders", orders)
 *         .route("https://pay.internal:8443", payments)
 *         .build();
 * OkHttpClient client = balancing.install(new OkHttpClient.Builder()).build();
 * }</pre>
 *
 * <p>The URL stays as it is and only the connection is steered: {@code Host}, SNI, the check of the certificate, pins,
 * cookies, cache and redirects all go by the logical host, which no DNS needs to know. Other hosts pass through
 * untouched, unless that is {@linkplain LoadBalancingInterceptorBuilder#routesOnly refused}. A balanced call goes
 * past a proxy of the client's, and so do the redirects of that call. A redirect to a route, from
 * another one or from another host, is balanced as a call of its own would be, by the rules of OkHttp's own redirects. From
 * route to route, to an {@link okhttp3.EventListener} it begins with a connection that fails.
 *
 * <p>A call that could not be connected, or whose TLS handshake failed, tries other backends, whatever its method and
 * body. Once a byte of it was sent, it is repeated on another backend only where that is safe, and within a budget:
 * {@link FailoverPolicy}, which also says how to repeat bad answers and those that break off, and when to wait. When nothing
 * is left to try, the last failure is thrown, with those before it as suppressed; without any backend at all, {@link
 * NoBackendException} at once. {@link Attempts} tells who was tried.
 *
 * <p>Some repeats are OkHttp's own. They happen below, reach the same backend as part of the same attempt, and cost the
 * budget, but cannot be refused by it: after a kept connection broke ({@code retryOnConnectionFailure}), for any method;
 * after 408; after 503 with {@code Retry-After: 0}. {@link FailoverPolicy#strict} ends them for methods that are not
 * idempotent. {@code fastFallback} makes no difference: an attempt has one backend, and that one address.
 *
 * <p>The pick ends when the call needs the backend no longer, at the end of the body as a rule. A status of 500 or more
 * and a broken connection are failures ({@link ResponseClassifier} for other views); limits of OkHttp that ran out are
 * timeouts; a call that was cancelled, or
 * answered by the cache, says nothing about the backend. Load that a backend reports in a header of any answer
 * ({@link io.evenkeel.orca.LoadReport}) is passed on to the strategy, if it measures; a report that is malformed is not.
 *
 * <p>A backend that is removed, ejected, drained or down loses its idle connections before the change of the pool returns,
 * and the others with the last call on them; those to other backends stay. The age of connections, and answers that their
 * callers forgot, are the matter of {@link ConnectionPolicy}. A limit for each attempt, and hedges, need
 * {@link #callFactory}.
 *
 * <p>Safe for use by many threads and many clients. Needs no closing, and follows the pools only as long as it is used; the
 * balancers stay the caller's.
 */
public final class LoadBalancingInterceptor implements Interceptor {
    private final Map<String, List<Route>> byHost;
    private final ConnectionPolicy connections;
    private final boolean routesOnly;

    LoadBalancingInterceptor(Map<String, List<Route>> byHost, ConnectionPolicy connections, boolean routesOnly) {
        this.byHost = byHost;
        this.connections = connections;
        this.routesOnly = routesOnly;
    }

    /** A builder without routes. */
    public static LoadBalancingInterceptorBuilder builder() {
        return new LoadBalancingInterceptorBuilder();
    }

    /**
     * Adds this to a client and makes room for the traffic of many backends. Call it after all other interceptors were
     * added: those that come later would see requests that serve only to free connections.
     *
     * <p>OkHttp's limits are made for one server: 64 requests at a time, 5 of them for one host, and 5 idle connections. A
     * logical host counts as one however many backends it has, so the dispatcher is allowed 64 requests for each backend
     * that its pool has now, and at least 256 for one host and 512 in all; more stays more. The client gets a connection pool
     * of its own that keeps as many idle connections as requests are allowed, for {@link ConnectionPolicy#keepAlive}. Set
     * another afterwards if you like, but not a smaller one than you have backends: what finds no room is closed and made
     * anew for the next call. Where pools grow a lot later, raise both limits by hand.
     *
     * <p>Of several in one client, each serves its routes, and redirects lead from those of one to those of another. There is
     * room for the backends of all, and the shortest {@code keepAlive} counts.
     */
    public OkHttpClient.Builder install(OkHttpClient.Builder client) {
        Set<LoadBalancingInterceptor> all = client.interceptors().stream()
                .filter(LoadBalancingInterceptor.class::isInstance)
                .map(LoadBalancingInterceptor.class::cast)
                .collect(Collectors.toSet());
        all.add(this);
        Capacity capacity = Capacity.of(
                all.stream().flatMap(each -> each.byHost.values().stream()).toList());
        capacity.grantTo(client.build().dispatcher()); // the builder does not show it
        long keepAlive = all.stream()
                .mapToLong(each -> each.connections.keepAlive().toMillis())
                .min()
                .orElseThrow();
        return client.connectionPool(new ConnectionPool(capacity.requests(), keepAlive, TimeUnit.MILLISECONDS))
                .addInterceptor(this);
    }

    /**
     * Connects to the backends before their first calls come: sends a request to each that may be picked, all at the same
     * time. These are calls as any other, so a backend that cannot be reached gets the blame.
     *
     * @param client one that has this interceptor; its connections are made
     * @param request something harmless, such as {@code HEAD http://orders/health}; its URL says for which route
     * @return completes when all are over, with the number of backends that answered
     */
    public CompletionStage<Integer> warm(OkHttpClient client, Request request) {
        checkHasThis(client);
        Route route = routeOf(request.url());
        if (route == null) {
            throw new IllegalArgumentException(
                    "request: " + Origin.of(request.url()) + " (expected: the origin of a route)");
        }
        return WarmUp.start(
                client, request, route.origin().balancer().pool().snapshot().selectable());
    }

    /**
     * Calls that may have several attempts at the same time, which one call of OkHttp cannot: with a limit for each attempt,
     * and hedges. Each attempt is a call of the client's, balanced, followed and reported as any other. What is not safe to
     * send twice is sent once, and other hosts get the client's own calls; so do web sockets, which are no calls. Give it to
     * Retrofit as its {@code callFactory}.
     *
     * <p>Attempts go to different backends. The answer that counts is the first that is no failure; who loses is cancelled,
     * which says nothing about his backend. An {@link okhttp3.EventListener} of the client hears of each attempt as a call.
     * Costs one timer of OkHttp's for each call and each limit, and no thread of its own; a second attempt runs on the
     * dispatcher, within its limits.
     *
     * @param client one that has this interceptor
     */
    public Call.Factory callFactory(OkHttpClient client, CallPolicy policy) {
        checkHasThis(client);
        Map<Route, Rules> rules = byHost.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.toUnmodifiableMap(route -> route, route -> Rules.of(client, route, policy)));
        return new RacedCalls(client, request -> routeOf(request.url()), rules);
    }

    private void checkHasThis(OkHttpClient client) {
        if (!client.interceptors().contains(this)) {
            throw new IllegalArgumentException(
                    "client: lacks this interceptor (expected: one that install was called for)");
        }
    }

    /** Called by OkHttp. */
    @Override
    public Response intercept(Chain chain) throws IOException {
        Route route = routeOf(chain.request().url());
        BalancedCall call = BalancedCall.of(chain.call());
        boolean isUnderway = call.isUnderway();
        if (route == null && routesOnly && !isUnderway) {
            throw refusal(chain.request().url());
        }
        return route != null && isUnderway ? chain.proceed(chain.request()) : serve(route, chain, call);
    }

    /**
     * From route to route, as redirects lead.
     *
     * @param first null for a foreign host
     */
    private Response serve(@Nullable Route first, Chain chain, BalancedCall call) throws IOException {
        Route route = first;
        Request request = chain.request();
        Response earlier = null;
        while (true) {
            try {
                Response answer = route == null ? passOn(chain, call) : route.serve(chain, request, call);
                return earlier == null ? answer : Redirect.link(earlier, answer);
            } catch (Crossing crossing) {
                Redirect redirect = call.redirect();
                Route next = redirect == null ? null : routeOf(redirect.next().url());
                if (redirect == null || next == null) {
                    throw crossing; // led there by another interceptor, or to another scheme
                }
                earlier = redirect.after(earlier);
                request = redirect.next();
                route = next;
            }
        }
    }

    /** The client's own way, but for a redirect to a route. */
    private Response passOn(Chain chain, BalancedCall call) throws IOException {
        if (!chain.getFollowRedirects()) {
            return chain.proceed(chain.request());
        }
        Border border = new Border(call, url -> routeOf(url) != null, chain.getCookieJar());
        try {
            return chain.withCookieJar(border).proceed(chain.request());
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof Crossing crossing) {
                throw crossing;
            }
            throw e;
        }
    }

    private @Nullable Route routeOf(HttpUrl url) {
        List<Route> candidates = byHost.get(url.host());
        if (candidates != null) {
            for (int i = 0; i < candidates.size(); i++) {
                if (candidates.get(i).origin().origin().isOf(url)) {
                    return candidates.get(i);
                }
            }
        }
        return null;
    }

    private UnknownServiceException refusal(HttpUrl url) {
        String known = byHost.values().stream()
                .flatMap(List::stream)
                .map(route -> route.origin().origin().toString())
                .sorted()
                .collect(Collectors.joining(", "));
        return new UnknownServiceException("no route for " + Origin.of(url) + " (expected: one of " + known + ")");
    }
}
