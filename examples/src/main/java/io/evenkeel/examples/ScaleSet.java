package io.evenkeel.examples;

import io.evenkeel.LoadBalancer;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.PoolSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Identical virtual machines behind one balancer. One that is started joins the pool at once and gets its first request
 * when it has passed a probe; one that is stopped is drained first, then leaves the pool, and ends last. For one thread.
 */
final class ScaleSet implements AutoCloseable {
    private static final int FIRST = 51;
    private static final Duration DRAIN = Duration.ofSeconds(20);

    // Quicker than in production, for a person who watches; the timeout is for a machine that is busy.
    private static final ProbeSchedule SCHEDULE = ProbeSchedule.defaults()
            .withInterval(Duration.ofMillis(500))
            .withTimeout(Duration.ofMillis(500))
            .withUnhealthyThreshold(4);

    private final BackendPool pool = BackendPool.of("scale-set");
    private final LoadBalancer balancer = LoadBalancer.over(pool)
            .probe(HealthProbe.http(Vm.HEALTH_PATH))
            .schedule(SCHEDULE)
            .build();
    private final List<VmProcess> started = new ArrayList<>();
    private final List<VmProcess> inUse = new ArrayList<>();
    private final ExecutorService stopping = Executors.newSingleThreadExecutor();

    LoadBalancer balancer() {
        return balancer;
    }

    PoolSnapshot snapshot() {
        return pool.snapshot();
    }

    /** How many there are, those that are still starting included and those that are leaving not. */
    int size() {
        return inUse.size();
    }

    /** Whether all are serving, and nobody is on the way in or out. */
    boolean isSettled() {
        PoolSnapshot now = pool.snapshot();
        return now.selectable().size() == size() && now.members().size() == size();
    }

    /** Starts and stops as many as it takes. Returns at once. */
    void resize(int size) throws IOException {
        while (inUse.size() < size) {
            VmProcess vm = new VmProcess(FIRST + started.size());
            started.add(vm);
            vm.start();
            inUse.add(vm);
            pool.add(vm.backend());
        }
        while (inUse.size() > size) {
            VmProcess newest = inUse.remove(inUse.size() - 1);
            CompletionStage<Void> unused = pool.drain(newest.name(), DRAIN).thenRunAsync(() -> stop(newest), stopping);
        }
    }

    private void stop(VmProcess vm) {
        pool.remove(vm.name());
        try {
            vm.terminate();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopping.shutdownNow();
        balancer.close();
        pool.close();
        for (VmProcess vm : started) {
            vm.close();
        }
    }
}
