package io.evenkeel.okhttp;

import java.util.Collection;
import java.util.List;
import okhttp3.Dispatcher;

/**
 * How much room a client needs for its backends. OkHttp's own limits are made for one server: 64 requests at a time, 5 of
 * them for one host, and 5 idle connections. But a logical host stands for many servers and is counted as one, and
 * connections that find no room are closed and made anew.
 *
 * @param requests at a time; also how many idle connections are kept, since HTTP/1.1 needs one for each
 * @param requestsPerHost at a time for one logical host
 */
record Capacity(int requests, int requestsPerHost) {
    private static final int REQUESTS_PER_BACKEND = 64;

    /** For pools that are filled later, and for few backends that are fast. */
    private static final int LEAST_PER_HOST = 256;

    private static final int LEAST = 512;

    /** For the backends that are there now. */
    static Capacity of(Collection<List<Route>> hosts) {
        int largest = 0;
        int all = 0;
        for (List<Route> host : hosts) {
            int backends = host.stream()
                    .mapToInt(route -> route.origin()
                            .balancer()
                            .pool()
                            .snapshot()
                            .members()
                            .size())
                    .sum();
            largest = Math.max(largest, backends);
            all += backends;
        }
        return new Capacity(
                Math.max(LEAST, REQUESTS_PER_BACKEND * all), Math.max(LEAST_PER_HOST, REQUESTS_PER_BACKEND * largest));
    }

    /** What is allowed already stays allowed. */
    void grantTo(Dispatcher dispatcher) {
        dispatcher.setMaxRequests(Math.max(dispatcher.getMaxRequests(), requests));
        dispatcher.setMaxRequestsPerHost(Math.max(dispatcher.getMaxRequestsPerHost(), requestsPerHost));
    }
}
