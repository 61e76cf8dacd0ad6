package io.evenkeel.okhttp;

import io.evenkeel.NoBackendException;
import io.evenkeel.pool.Pick;
import java.io.IOException;
import java.net.Proxy;
import java.net.UnknownServiceException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
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
 * untouched, unless that is {@linkplain LoadBalancingInterceptorBuilder#routesOnly refused}. A balanced call goes past a proxy of the client's, and so do the redirects of that call. A redirect from
 * one logical host to another is not balanced: it is looked up in the DNS.
 *
 * <p>A call that could not be connected, or whose TLS handshake failed, tries other backends, whatever its method and
 * body. Once a byte of it was sent, it is repeated on another backend only where that is safe, and within a budget:
 * {@link FailoverPolicy}, which also says how to repeat bad answers and when to wait. When nothing is left to try, the last
 * failure is thrown, with those before it as suppressed; without any backend at all, {@link NoBackendException} at once.
 * {@link Attempts} tells who was tried.
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
 * <p>Safe for use by many threads and many clients. Needs no closing; the balancers stay the caller's.
 */
public final class LoadBalancingInterceptor implements Interceptor {
    /** Over five minutes, as in OkHttp, but for all the backends of a host where OkHttp counts on one or two. */
    private static final int IDLE_CONNECTIONS = 256;

    private static final long KEEP_ALIVE_MINUTES = 5;

    /** OkHttp's 5 are for one server; all calls for a logical host count as one. */
    private static final int REQUESTS_PER_HOST = 256;

    private static final int REQUESTS = 512;

    private final Map<String, List<Route>> byHost;
    private final boolean routesOnly;

    LoadBalancingInterceptor(Map<String, List<Route>> byHost, boolean routesOnly) {
        this.byHost = byHost;
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
     * <p>The client gets a connection pool of its own that keeps 256 idle connections for 5 minutes: set another
     * afterwards if you like, but not a smaller one than you have backends. The dispatcher it has is allowed at least 512
     * requests at once and 256 for one host; more stays more.
     */
    public OkHttpClient.Builder install(OkHttpClient.Builder client) {
        Dispatcher dispatcher = client.build().dispatcher(); // the builder does not show it
        dispatcher.setMaxRequests(Math.max(dispatcher.getMaxRequests(), REQUESTS));
        dispatcher.setMaxRequestsPerHost(Math.max(dispatcher.getMaxRequestsPerHost(), REQUESTS_PER_HOST));
        return client.connectionPool(new ConnectionPool(IDLE_CONNECTIONS, KEEP_ALIVE_MINUTES, TimeUnit.MINUTES))
                .addInterceptor(this);
    }

    /** Called by OkHttp. */
    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        Route route = routeOf(request.url());
        if (route == null) {
            return passOn(chain, request);
        }
        BalancedCall call = BalancedCall.of(chain.call());
        return call.isUnderway() ? chain.proceed(request) : route.serve(chain, call);
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

    private Response passOn(Chain chain, Request request) throws IOException {
        if (routesOnly) {
            throw new UnknownServiceException("no route for " + Origin.of(request.url()));
        }
        return chain.proceed(request);
    }

    /** To the backend of this pick, over a connection to nobody else. */
    static Chain steer(Chain chain, BalancedOrigin origin, BalancedCall call, Pick pick) {
        Detour detour = origin.detourTo(pick.member(), chain);
        if (call.holdsConnectionOtherThan(detour)) {
            Release.heldConnection(chain);
        }
        Chain steered = chain.withDns(detour).withSocketFactory(detour);
        // Also in place of a ProxySelector: OkHttp asks that one only where no proxy is set.
        return Proxy.NO_PROXY.equals(chain.getProxy()) ? steered : steered.withProxy(Proxy.NO_PROXY);
    }
}
