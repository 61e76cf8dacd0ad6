package io.evenkeel.benchmarks.simulation;

import io.evenkeel.LoadBalancer;
import io.evenkeel.LoadBalancerBuilder;
import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.BackendPoolBuilder;
import io.evenkeel.strategy.SelectionStrategy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One run of one scenario by one contender with one seed. Arrivals, work and what befalls the servers are the same for all
 * contenders of a seed.
 */
final class Simulation {
    private final Scenario scenario;
    private final Timeline timeline = new Timeline();
    private final TimelineScheduler scheduler = new TimelineScheduler(timeline);
    private final Recording recording;
    private final Fleet fleet;
    private final List<Client> clients = new ArrayList<>();
    private final Deque<Request> free = new ArrayDeque<>();
    private final SplittableRandom arrivals;
    private final SplittableRandom works;
    private final long end;
    private final Timeline.Event arrival = this::arrive;

    private Simulation(Scenario scenario, Contender contender, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        this.scenario = scenario;
        this.recording = new Recording(scenario);
        this.arrivals = random.split();
        this.works = random.split();
        this.end = Timeline.START + Math.round(scenario.seconds() * 1e9);
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < scenario.servers(); i++) {
            servers.add(new Server(timeline, scenario.slots(), scenario.cores()));
        }
        this.fleet = new Fleet(servers, timeline, random.split());
        List<Backend> backends = Fleet.backends(scenario.servers());
        for (int i = 0; i < scenario.clients(); i++) {
            clients.add(new Client(balancer("client-" + i, backends, contender, random.split()), servers));
        }
    }

    static Recording run(Scenario scenario, Contender contender, long seed) {
        return new Simulation(scenario, contender, seed).run();
    }

    private LoadBalancer balancer(String name, List<Backend> backends, Contender contender, SplittableRandom random) {
        BackendPoolBuilder pool = BackendPool.builder(name)
                .backends(backends)
                .nanoClock(timeline::now)
                .scheduler(scheduler)
                .listenerExecutor(Runnable::run);
        scenario.poolSettings().accept(pool);
        SelectionStrategy strategy = contender.factory().make(random.split(), fleet);
        LoadBalancerBuilder balancer = LoadBalancer.over(pool.build())
                .strategy(strategy)
                .scheduler(scheduler)
                .nanoClock(timeline::now)
                .random(random.split());
        scenario.balancerSettings().accept(balancer, fleet);
        return balancer.build();
    }

    private Recording run() {
        scenario.script().accept(fleet);
        timeline.in(0, arrival, 0);
        timeline.runUntil(end + scenario.patienceNanos());
        clients.forEach(client -> client.balancer().close());
        return recording;
    }

    /** Open loop: who sends does not wait for answers. */
    private void arrive(int tag) {
        long now = timeline.now();
        if (now >= end) {
            return;
        }
        double perSecond = scenario.rateAt((now - Timeline.START) / 1e9);
        timeline.in(Math.round(1e9 / perSecond * Work.exponential(arrivals)), arrival, 0);
        Client client = clients.get(arrivals.nextInt(clients.size()));
        double work = scenario.work().next(works);
        recording.sent(now);
        Request request = free.isEmpty() ? new Request(this, timeline) : free.pop();
        request.begin(client, work);
    }

    Scenario scenario() {
        return scenario;
    }

    void settled(long began, long took, boolean isGood) {
        recording.settled(began, took, isGood);
    }

    void free(Request request) {
        free.push(request);
    }
}
