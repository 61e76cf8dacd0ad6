package io.evenkeel.examples;

import io.evenkeel.LoadBalancer;
import io.evenkeel.event.Subscription;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.netty.Forwarder;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.SlowStart;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;

/** Six virtual machines in three fault and two update domains, behind an OkHttp client and a TCP front end. */
final class Fleet implements AutoCloseable {
    private static final int FIRST = 31;
    private static final int SIZE = 6;
    private static final String FRONTEND = "127.0.0.30";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    // Quicker than in production, for a person who watches.
    private static final ProbeSchedule SCHEDULE =
            ProbeSchedule.defaults().withInterval(Duration.ofMillis(500)).withTimeout(Duration.ofMillis(400));

    private final List<VmProcess> vms =
            IntStream.range(FIRST, FIRST + SIZE).mapToObj(VmProcess::new).toList();
    private final BackendPool pool = BackendPool.builder("fleet")
            .backends(vms.stream().map(VmProcess::backend).toList())
            .slowStart(SlowStart.over(Duration.ofSeconds(1)))
            .build();
    private final LoadBalancer balancer = LoadBalancer.over(pool)
            .probe(HealthProbe.http(Vm.HEALTH_PATH))
            .schedule(SCHEDULE)
            .build();
    private final LongAdder repeats = new LongAdder();
    private final Forwarder forwarder;
    private final OkHttpClient client;

    Fleet() throws IOException {
        forwarder = Forwarder.builder()
                .rules(LoadBalancingRule.of("web", Frontend.tcp(FRONTEND, 0), pool))
                .build();
        client = Visitor.client(balancer);
    }

    List<VmProcess> vms() {
        return vms;
    }

    BackendPool pool() {
        return pool;
    }

    /** Starts all, and waits until each has passed its first probe. */
    void start() throws IOException, InterruptedException {
        for (VmProcess vm : vms) {
            vm.start();
        }
        if (!balancer.awaitReady(SIZE, PATIENCE)) {
            throw new IllegalStateException("not all are well after " + PATIENCE + ": " + pool.snapshot());
        }
    }

    /** The action of a maintenance: the end of one process, and the start of another. */
    void restart(String name) throws IOException, InterruptedException {
        for (VmProcess vm : vms) {
            if (vm.name().equals(name)) {
                vm.kill();
                vm.start();
            }
        }
    }

    Load loadThroughOkHttp() {
        return Load.start("okhttp", this::call);
    }

    /** Every request is a new connection. */
    Load loadThroughForwarder() {
        InetSocketAddress frontend = forwarder.boundAddress("web");
        return Load.start("tcp", () -> Visitor.visit(frontend, repeats::increment));
    }

    /** How many requests a visitor sent twice, since their connection broke off. */
    long repeats() {
        return repeats.sum();
    }

    private String call() throws IOException {
        return Visitor.call(client);
    }

    /** Keeps the fewest members that were in use at any time from now on. */
    Subscription keepFewest(AtomicInteger fewest) {
        fewest.set(SIZE);
        return pool.subscribe(
                snapshot -> fewest.accumulateAndGet(snapshot.selectable().size(), Math::min));
    }

    @Override
    public void close() throws InterruptedException {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        forwarder.close();
        balancer.close();
        pool.close();
        for (VmProcess vm : vms) {
            vm.close();
        }
    }
}
