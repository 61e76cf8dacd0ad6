package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import org.jspecify.annotations.Nullable;

/** Servers b0, b1, … on ports of their own, a balancer over them, and what became of its picks. */
final class Fleet implements AutoCloseable {
    final List<MockWebServer> servers = new ArrayList<>();
    final Queue<RecordedRequest> requests = new ConcurrentLinkedQueue<>();
    final LoadBalancer balancer;
    private static final MockResponse REFUSED = new MockResponse.Builder()
            .onRequestStart(new SocketEffect.CloseStream(7)) // REFUSED_STREAM: RFC 9113, section 7
            .build();

    private final List<Queue<Object>> connections = new ArrayList<>();
    private final AtomicInteger picked = new AtomicInteger();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private volatile int refusing = -1;
    private volatile BiFunction<Integer, RecordedRequest, MockResponse> answers =
            (server, request) -> text("b" + server);

    private final @Nullable HandshakeCertificates tls;

    private Fleet(int size, @Nullable HandshakeCertificates tls) throws IOException {
        this.tls = tls;
        for (int i = 0; i < size; i++) {
            servers.add(start(i, tls));
        }
        balancer = LoadBalancer.builder("fleet")
                .backends(IntStream.range(0, size).mapToObj(this::backend).toList())
                .listener(new LoadBalancerListener() {
                    @Override
                    public void picked(String pool, Backend backend) {
                        picked.incrementAndGet();
                    }

                    @Override
                    public void completed(String pool, Backend backend, Outcome outcome, long elapsedNanos) {
                        outcomes.add(outcome);
                    }
                })
                .build();
    }

    static Fleet of(int size) throws IOException {
        return new Fleet(size, null);
    }

    static Fleet overTls(int size, HandshakeCertificates server) throws IOException {
        return new Fleet(size, server);
    }

    private MockWebServer start(int index, @Nullable HandshakeCertificates tls) throws IOException {
        MockWebServer server = new MockWebServer();
        server.setServerSocketFactory(PromptServerSocket.FACTORY);
        Queue<Object> seen = new ConcurrentLinkedQueue<>();
        connections.add(seen);
        if (tls != null) {
            server.useHttps(tls.sslSocketFactory());
        }
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                requests.add(request);
                seen.add(request.getConnectionIndex());
                return answers.apply(index, request);
            }

            @Override
            public MockResponse peek() {
                return refusing == index ? REFUSED : super.peek();
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
        return server;
    }

    /** From now on, every server answers like this; it is told its number. */
    Fleet answering(BiFunction<Integer, RecordedRequest, MockResponse> answers) {
        this.answers = answers;
        return this;
    }

    Fleet answering(MockResponse answer) {
        return answering((server, request) -> answer);
    }

    /** From now on, this server refuses each stream of HTTP/2 and looks at none. */
    void refuseStreams(int server) {
        refusing = server;
    }

    static MockResponse text(String body) {
        return new MockResponse.Builder().body(body).build();
    }

    static MockResponse status(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    static MockResponse redirect(String location) {
        return new MockResponse.Builder()
                .code(302)
                .setHeader("Location", location)
                .build();
    }

    Backend backend(int server) {
        return Backend.of("b" + server, "127.0.0.1", servers.get(server).getPort());
    }

    /** Makes this server refuse connections. */
    void stop(int server) {
        servers.get(server).close();
    }

    LoadBalancingInterceptor interceptor() {
        return LoadBalancingInterceptor.builder()
                .route("http://orders", balancer)
                .build();
    }

    /** A client for {@code http://orders}. */
    OkHttpClient client() {
        return interceptor().install(new OkHttpClient.Builder()).build();
    }

    /** The same with settings of a test's own. */
    OkHttpClient client(UnaryOperator<LoadBalancingInterceptorBuilder> settings) {
        return settings.apply(LoadBalancingInterceptor.builder().route("http://orders", balancer))
                .build()
                .install(new OkHttpClient.Builder())
                .build();
    }

    OkHttpClient client(FailoverPolicy policy) {
        return client(builder -> builder.failover(policy));
    }

    /** One more server, not yet in the pool. */
    int startAnother() throws IOException {
        servers.add(start(servers.size(), tls));
        return servers.size() - 1;
    }

    /** How many requests this server got. */
    int requestsOf(int server) {
        return connections.get(server).size();
    }

    /** On how many connections this server got them. */
    long connectionsOf(int server) {
        return connections.get(server).stream().distinct().count();
    }

    int picks() {
        return picked.get();
    }

    /** Waits until nothing is in flight, and compares how the picks ended since the last call. */
    void assertOutcomes(Outcome... expected) {
        Await.until("nothing is in flight", () -> inFlight() == 0);
        assertEquals(List.of(expected), takeOutcomes());
    }

    /** How the picks ended since the last call. */
    List<Outcome> takeOutcomes() {
        List<Outcome> seen = new ArrayList<>();
        for (Outcome outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
            seen.add(outcome);
        }
        return seen;
    }

    long inFlight() {
        return balancer.pool().snapshot().members().stream()
                .mapToLong(member -> member.load().inFlight())
                .sum();
    }

    static Request get(String url) {
        return new Request.Builder().url(url).build();
    }

    static Request post(String url) {
        return new Request.Builder()
                .url(url)
                .post(RequestBody.create("pay", null))
                .build();
    }

    /** Calls {@code http://orders/} and returns the body. */
    static String call(OkHttpClient client) throws IOException {
        return body(client.newCall(get("http://orders/")));
    }

    static String body(Call call) throws IOException {
        try (Response response = call.execute()) {
            return response.body().string();
        }
    }

    @Override
    public void close() {
        balancer.close();
        servers.forEach(MockWebServer::close);
    }
}
