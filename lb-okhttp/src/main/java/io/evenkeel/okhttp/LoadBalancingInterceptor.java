package io.evenkeel.okhttp;

import io.evenkeel.NoBackendException;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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
 * untouched. A balanced call goes past a proxy of the client's, and so do the redirects of that call. A redirect from
 * one logical host to another is not balanced: it is looked up in the DNS.
 *
 * <p>A call that could not be connected, or whose TLS handshake failed, tries other backends, whatever its method and
 * body; see {@link LoadBalancingInterceptorBuilder#attempts}. Once a byte of it was sent, it is repeated on another backend
 * only if its method is idempotent (RFC 9110, section 9.2.2), its body can be sent twice, and no answer has come: a backend
 * that dies takes with it what it was answering and the connections that were kept. OkHttp's own repeats
 * ({@code retryOnConnectionFailure}, 408, 503 with {@code Retry-After: 0}) happen below and go to the same backend. When
 * nothing is left to try, the last failure is thrown, with those before it as suppressed; without any backend at all,
 * {@link NoBackendException}.
 *
 * <p>The pick ends when the call needs the backend no longer, at the end of the body as a rule. A status of 500 or more
 * and a broken connection are failures; limits of OkHttp that ran out are timeouts; a call that was cancelled, or
 * answered by the cache, says nothing about the backend. Load that a backend reports in a header of any answer
 * ({@link io.evenkeel.orca.LoadReport}) is passed on to the strategy, if it measures; a report that is malformed is not.
 *
 * <p>A backend that is removed, ejected, drained or down loses its idle connections before the change of the pool returns,
 * and the others with the last call on them; those to other backends stay. The age of connections, and answers that their
 * callers forgot, are the matter of {@link ConnectionPolicy}. A limit for each attempt, and hedges, need
 * {@link #callFactory}.
 *
 * <p>Safe for use by many threads and many clients. Needs no closing, and follows the pools only as long as it is used; the balancers stay the caller's.
 */
public final class LoadBalancingInterceptor implements Interceptor {
    private final Map<String, List<BalancedOrigin>> byHost;
    private final ConnectionPolicy connections;
    private final int attempts;
    private final LongSupplier nanoClock;

    LoadBalancingInterceptor(
            Map<String, List<BalancedOrigin>> byHost,
            ConnectionPolicy connections,
            int attempts,
            LongSupplier nanoClock) {
        this.byHost = byHost;
        this.nanoClock = nanoClock;
        this.connections = connections;
        this.attempts = attempts;
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
     */
    public OkHttpClient.Builder install(OkHttpClient.Builder client) {
        Capacity capacity = Capacity.of(byHost.values());
        capacity.grantTo(client.build().dispatcher()); // the builder does not show it
        long keepAlive = connections.keepAlive().toMillis();
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
        BalancedOrigin origin = originOf(request.url());
        if (origin == null) {
            throw new IllegalArgumentException(
                    "request: " + Origin.of(request.url()) + " (expected: the origin of a route)");
        }
        return WarmUp.start(client, request, origin.balancer().pool().snapshot().selectable());
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
        Map<BalancedOrigin, Rules> rules = byHost.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.toUnmodifiableMap(origin -> origin, origin -> rulesFor(origin, client, policy)));
        return new RacedCalls(client, request -> originOf(request.url()), rules);
    }

    private Rules rulesFor(BalancedOrigin origin, OkHttpClient client, CallPolicy policy) {
        RecentTimes times = new RecentTimes(policy.hedgeQuantile());
        return new Rules(client, origin, policy, attempts, new ShareOfCalls(), times, nanoClock);
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
        Request request = chain.request();
        BalancedOrigin origin = originOf(request.url());
        if (origin == null) {
            return chain.proceed(request);
        }
        BalancedCall call = BalancedCall.of(chain.call());
        return call.isUnderway() ? chain.proceed(request) : balance(chain, origin, call);
    }

    private @Nullable BalancedOrigin originOf(HttpUrl url) {
        List<BalancedOrigin> candidates = byHost.get(url.host());
        if (candidates != null) {
            for (int i = 0; i < candidates.size(); i++) {
                if (candidates.get(i).origin().isOf(url)) {
                    return candidates.get(i);
                }
            }
        }
        return null;
    }

    private Response balance(Chain chain, BalancedOrigin origin, BalancedCall call) throws IOException {
        PickContext context = call.aimed(PickContext.none());
        List<IOException> failures = List.of();
        while (true) {
            Pick pick = pick(chain.call(), origin, context, failures);
            Trip trip = call.begin(pick);
            try {
                Response response =
                        origin.wayTo(pick.member(), chain).steer(chain, call).proceed(chain.request());
                trip.returned(response);
                origin.answered(trip, response);
                return response;
            } catch (IOException failure) {
                boolean isOurs = trip.outcome() == null; // or a redirect has led the call away from here
                trip.threw(failure, chain.call().isCanceled());
                failures = append(failures, failure);
                boolean isSafe = trip.isUntouched() || (isOurs && Repeats.areSafe(chain.request(), failure));
                if (failures.size() >= attempts || !isSafe || isOver(chain.call(), failure)) {
                    throw lastNamingEarlier(failures);
                }
                context = context.excluding(pick.backend());
            } catch (Throwable failure) { // OkHttp throws undeclared ones, too: InterruptedException for one
                trip.threw(failure, chain.call().isCanceled());
                throw failure;
            }
        }
    }

    private static Pick pick(Call call, BalancedOrigin origin, PickContext context, List<IOException> failures)
            throws IOException {
        if (call.isCanceled()) {
            throw lastNamingEarlier(append(failures, new IOException("Canceled")));
        }
        try {
            return origin.balancer().pick(context);
        } catch (NoBackendException none) {
            if (failures.isEmpty()) {
                throw none;
            }
            IOException last = lastNamingEarlier(failures);
            last.addSuppressed(none); // says why there was no further attempt
            throw last;
        }
    }

    /** Nobody waits for this call any more. */
    private static boolean isOver(Call call, IOException failure) {
        return call.isCanceled()
                || Outcomes.isInterruption(failure)
                || Thread.currentThread().isInterrupted();
    }

    private static List<IOException> append(List<IOException> failures, IOException failure) {
        List<IOException> more = new ArrayList<>(failures);
        more.add(failure);
        return more;
    }

    private static IOException lastNamingEarlier(List<IOException> failures) {
        IOException last = failures.get(failures.size() - 1);
        for (IOException earlier : failures) {
            if (earlier != last) {
                last.addSuppressed(earlier);
            }
        }
        return last;
    }
}
