package io.evenkeel.examples.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Backend;
import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryPolicy;
import io.evenkeel.discovery.SourceStatus;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Four servers, a balancer whose members a source names, and callers who never stop. */
final class Traffic implements AutoCloseable {
    private static final int SERVERS = 4;
    private static final int CALLERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** After a registry has come back; a machine that is busy with something else included. */
    private static final Duration MAX_RECONCILED = Duration.ofSeconds(5);

    private static final DiscoveryPolicy OFTEN =
            DiscoveryPolicy.defaults().withRefresh(Duration.ofSeconds(2)).withRetry(Duration.ofSeconds(1));

    private final List<HttpServer> servers = new ArrayList<>();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final BackendPool pool =
            BackendPool.builder("orders").scheduler(scheduler).build();
    private final LoadBalancer balancer = LoadBalancer.over(pool).build();
    private final OkHttpClient client = LoadBalancingInterceptor.builder()
            .route("http://orders", balancer)
            .build()
            .install(new OkHttpClient.Builder())
            .build();
    private final List<Thread> callers = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private Discovery discovery;
    private volatile boolean over;

    Traffic() throws IOException {
        for (int i = 0; i < SERVERS; i++) {
            servers.add(serve());
        }
    }

    /** The members are what this source says. */
    void follow(BackendSource source) {
        discovery = Discovery.start(pool, List.of(source), OFTEN, scheduler, new SplittableRandom(1), System::nanoTime);
    }

    private static HttpServer serve() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Of a server, from 0 on; its host is 127.0.0.1. */
    int port(int server) {
        return servers.get(server).getAddress().getPort();
    }

    /** The id of a server whose source names it by its address. */
    String id(int server) {
        return "127.0.0.1:" + port(server);
    }

    /** From now on there are calls. */
    void begin() {
        Await.until("there is somebody to call", this::isReady);
        for (int i = 0; i < CALLERS; i++) {
            Thread caller = new Thread(this::callUntilOver, "caller-" + i);
            callers.add(caller);
            caller.start();
        }
    }

    private boolean isReady() {
        try (Pick ignored = balancer.pick()) {
            return true;
        } catch (NoBackendException e) {
            return false;
        }
    }

    private void callUntilOver() {
        Request request = new Request.Builder().url("http://orders/").build();
        while (!over) {
            try (Response response = client.newCall(request).execute()) {
                if (response.code() != 204) {
                    throw new IOException("status " + response.code());
                }
                answers.incrementAndGet();
            } catch (IOException e) {
                failures.add(e.toString());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    void awaitMembers(String... ids) {
        Await.until("members are " + List.of(ids) + ", not " + ids(), () -> ids().equals(Set.of(ids)));
    }

    /**
     * The same within 5 s after {@code back}, when the registry began to answer again. {@code newcomer} is a server that was
     * started meanwhile; one that was stopped meanwhile is gone when the registry itself gives it up.
     */
    void awaitReconciled(long back, String newcomer, String... others) {
        Set<String> all = new HashSet<>(Set.of(others));
        all.add(newcomer);
        Await.until("there is " + newcomer, () -> ids().contains(newcomer));
        Duration found = Duration.ofNanos(System.nanoTime() - back);
        Await.until("members are " + all + ", not " + ids(), () -> ids().equals(all));
        Duration reconciled = Duration.ofNanos(System.nanoTime() - back);
        System.out.println(status().name() + " is back: " + newcomer + " found after " + found.toMillis()
                + " ms, all reconciled after " + reconciled.toMillis() + " ms");
        assertTrue(reconciled.compareTo(MAX_RECONCILED) < 0, "reconciled after " + reconciled);
    }

    Set<String> ids() {
        return pool.snapshot().members().stream().map(m -> m.backend().id()).collect(Collectors.toSet());
    }

    Backend backend(String id) {
        return pool.snapshot().member(id).map(Member::backend).orElseThrow();
    }

    void awaitFailure() {
        Await.until("the source fails", () -> status().failures() > 0);
    }

    SourceStatus status() {
        return discovery.sources().get(0);
    }

    /** Waits for more answers, and says that nothing has failed so far. */
    void assertGoesOn() {
        long enough = answers.get() + 50;
        Await.until("50 more answers", () -> answers.get() >= enough);
        assertEquals(List.of(), List.copyOf(failures));
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        for (Thread caller : callers) {
            caller.join();
        }
        if (discovery != null) {
            discovery.close();
        }
        balancer.close();
        pool.close();
        scheduler.shutdownNow();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        servers.forEach(server -> server.stop(0));
    }
}
