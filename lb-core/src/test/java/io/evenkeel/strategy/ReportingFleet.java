package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backends;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Servers of different power, and clients that keep a fixed number of requests open each. A request takes 0.5 to 1.5 s
 * wherever it goes, so that only reports tell the servers apart; utilisation is what is open for what a server can hold.
 */
final class ReportingFleet {
    private final VirtualTime time = new VirtualTime();
    private final SplittableRandom random = new SplittableRandom(42);
    private final double[] capacity;
    private final int[] open;
    private final List<Client> clients = new ArrayList<>();
    private final boolean inAnswers;

    /** @param inAnswers whether each answer carries a report; else they come by {@link #reportToAll} */
    ReportingFleet(boolean inAnswers, double... capacity) {
        this.inAnswers = inAnswers;
        this.capacity = capacity;
        this.open = new int[capacity.length];
    }

    /** Starts clients, each with a balancer of its own. */
    ReportingFleet start(int count, int openEach, Supplier<SelectionStrategy> strategy) {
        for (int i = 0; i < count; i++) {
            Client client = new Client(strategy.get());
            clients.add(client);
            for (int request = 0; request < openEach; request++) {
                client.call();
            }
        }
        return this;
    }

    void advance(Duration duration) {
        time.advance(duration);
    }

    double[] utilization() {
        double[] now = new double[capacity.length];
        Arrays.setAll(now, s -> open[s] / capacity[s]);
        return now;
    }

    /** Everybody hears from every server at the same moment, on a pick that it made some time ago. */
    void reportToAll() {
        for (Client client : clients) {
            for (int server = 0; server < capacity.length; server++) {
                client.latest[server].reported(report(server));
            }
        }
    }

    private LoadReport report(int server) {
        return new LoadReport(utilization()[server], 0, 0, 0, 0, Map.of(), Map.of(), Map.of());
    }

    private final class Client {
        private final LoadBalancer balancer;
        private final Pick[] latest = new Pick[capacity.length];

        Client(SelectionStrategy strategy) {
            BackendPool pool = BackendPool.builder("test")
                    .backends(backends(capacity.length))
                    .nanoClock(time::nanoTime)
                    .build();
            balancer = LoadBalancer.over(pool).strategy(strategy).build();
        }

        void call() {
            Pick pick = pick();
            int server = Integer.parseInt(pick.backend().id().substring(1));
            latest[server] = pick;
            open[server]++;
            time.schedule(() -> answered(pick, server), 500 + random.nextInt(1_001), TimeUnit.MILLISECONDS);
        }

        private void answered(Pick pick, int server) {
            if (inAnswers) {
                pick.reported(report(server));
            }
            open[server]--;
            pick.report(Outcome.SUCCESS);
            call();
        }

        private Pick pick() {
            try {
                return balancer.pick();
            } catch (NoBackendException e) {
                throw new AssertionError(e);
            }
        }
    }
}
