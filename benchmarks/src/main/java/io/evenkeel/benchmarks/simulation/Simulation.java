package io.evenkeel.benchmarks.simulation;

import io.evenkeel.LoadBalancer;
import io.evenkeel.LoadBalancerBuilder;
import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.BackendPoolBuilder;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.SelectionStrategy;
import java.util.ArrayList;
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
    private final SplittableRandom arrivals;
    private final SplittableRandom works;
    private final Senders senders;
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
        this.senders = scenario.senders(seed);
        for (int i = 0; i < scenario.clients(); i++) {
            LoadBalancer balancer = balancer("client-" + i, scenario.backendsOf(i), contender, random.split());
            clients.add(new Client(balancer, scenario.hedges(timeline::now)));
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
        Client client = clients.get(senders.next(arrivals));
        double work = scenario.work().next(works);
        recording.sent(now);
        new Request(this, timeline, client, work).begin();
    }

    Scenario scenario() {
        return scenario;
    }

    /** Where a pick leads, which counts as sent. */
    Server serverOf(Pick pick) {
        int index = Fleet.indexOf(pick.backend());
        recording.sentTo(index, timeline.now());
        return fleet.server(index);
    }

    void hedged() {
        recording.hedged(timeline.now());
    }

    void settled(long began, long took, boolean isGood) {
        recording.settled(began, took, isGood);
    }
}
