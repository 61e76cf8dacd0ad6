package io.evenkeel.benchmarks.simulation;

import io.evenkeel.LoadBalancerBuilder;
import io.evenkeel.backend.Backend;
import io.evenkeel.discovery.Subset;
import io.evenkeel.okhttp.CallPolicy;
import io.evenkeel.okhttp.FailoverPolicy;
import io.evenkeel.okhttp.HedgeRules;
import io.evenkeel.pool.BackendPoolBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Servers, clients, traffic, and what befalls them. Put together once and then only read. */
final class Scenario {
    private final String name;
    private final String title;
    private int servers = 1;
    private int slots = Integer.MAX_VALUE;
    private double cores = Server.NO_END;
    private int clients = 1;
    private double seconds = 60;
    private int warmUpSeconds;
    private DoubleUnaryOperator perSecond = time -> 1;
    private Work work = Work.exponential(1);
    private long limitNanos = Long.MAX_VALUE;
    private long timeoutNanos;
    private int attempts = 1;
    private boolean isSkewed;
    private boolean areServersTold;
    private boolean isAboutSubsets;
    private CallPolicy calls = CallPolicy.defaults();
    private FailoverPolicy failover = FailoverPolicy.defaults();
    private @Nullable IntFunction<Subset> subsets;
    private Consumer<Fleet> script = fleet -> {};
    private Consumer<BackendPoolBuilder> poolSettings = pool -> {};
    private List<Claim> claims = List.of();
    private final List<double[]> troubles = new ArrayList<>();
    private boolean isPlotted;
    private boolean isThorough;
    private BiConsumer<LoadBalancerBuilder, Fleet> balancerSettings = (balancer, fleet) -> {};

    Scenario(String name, String title) {
        this.name = name;
        this.title = title;
    }

    String name() {
        return name;
    }

    String title() {
        return title;
    }

    Scenario servers(int servers) {
        this.servers = servers;
        return this;
    }

    /** How many requests a server works on at once; others queue. */
    Scenario slots(int slots) {
        this.slots = slots;
        return this;
    }

    /** What the requests of a server share. */
    Scenario cores(double cores) {
        this.cores = cores;
        return this;
    }

    Scenario clients(int clients) {
        this.clients = clients;
        return this;
    }

    /** Requests a second of all clients together, by a Poisson process. */
    Scenario perSecond(double perSecond) {
        return perSecond(time -> perSecond);
    }

    /** The same, changing over the seconds of the scenario. */
    Scenario perSecond(DoubleUnaryOperator perSecond) {
        this.perSecond = perSecond;
        return this;
    }

    Scenario seconds(double seconds) {
        this.seconds = seconds;
        return this;
    }

    /** Requests of the first seconds are not counted. */
    Scenario warmUp(int warmUpSeconds) {
        this.warmUpSeconds = warmUpSeconds;
        return this;
    }

    Scenario work(Work work) {
        this.work = work;
        return this;
    }

    /** Whoever is answered later is not answered in time. */
    Scenario limitMillis(double millis) {
        this.limitNanos = Math.round(millis * 1e6);
        return this;
    }

    /** Clients wait no longer than that. */
    Scenario timeoutMillis(double millis) {
        this.timeoutNanos = Math.round(millis * 1e6);
        return this;
    }

    /** How often a request is tried that finds no connection, each time elsewhere. */
    Scenario attempts(int attempts) {
        this.attempts = attempts;
        return this;
    }

    /** A few of the clients send most of the requests, as by the law of Zipf. */
    Scenario skewed() {
        this.isSkewed = true;
        return this;
    }

    /** Requests are sent a second time when that is due; each request brings so many hedges. */
    Scenario hedged(CallPolicy calls, double budgetShare) {
        this.calls = calls;
        this.failover = FailoverPolicy.defaults().withBudget(budgetShare, 0);
        return this;
    }

    /** Servers hear that a client waits no longer, and stop. Otherwise they go on, as most do. */
    Scenario serversTold() {
        this.areServersTold = true;
        return this;
    }

    /** Each client, by its number, knows some of the servers only. */
    Scenario subsets(IntFunction<Subset> subsets) {
        this.subsets = subsets;
        return this;
    }

    /** Is in the table of the page about subsets. */
    Scenario aboutSubsets() {
        this.isAboutSubsets = true;
        return this;
    }

    /** What befalls the servers. */
    Scenario script(Consumer<Fleet> script) {
        this.script = script;
        return this;
    }

    Scenario pools(Consumer<BackendPoolBuilder> settings) {
        this.poolSettings = settings;
        return this;
    }

    Scenario balancers(BiConsumer<LoadBalancerBuilder, Fleet> settings) {
        this.balancerSettings = settings;
        return this;
    }

    /** When things go wrong: shaded in its plot, of which there is one. */
    Scenario trouble(double from, double to) {
        troubles.add(new double[] {from, to});
        return plotted();
    }

    /** Has a plot. */
    Scenario plotted() {
        isPlotted = true;
        return this;
    }

    /** Takes long, or differs from seed to seed so much that one says little: not part of a quick run. */
    Scenario thorough() {
        isThorough = true;
        return this;
    }

    /** What must come out. */
    Scenario claims(Claim... claims) {
        this.claims = List.of(claims);
        return this;
    }

    List<double[]> troubles() {
        return troubles;
    }

    boolean isPlotted() {
        return isPlotted;
    }

    boolean isThorough() {
        return isThorough;
    }

    List<Claim> claims() {
        return claims;
    }

    int servers() {
        return servers;
    }

    int slots() {
        return slots;
    }

    double cores() {
        return cores;
    }

    int clients() {
        return clients;
    }

    double seconds() {
        return seconds;
    }

    int warmUpSeconds() {
        return warmUpSeconds;
    }

    double rateAt(double time) {
        return perSecond.applyAsDouble(time);
    }

    Work work() {
        return work;
    }

    long limitNanos() {
        return limitNanos;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    int attempts() {
        return attempts;
    }

    Senders senders(long seed) {
        return isSkewed ? Senders.zipf(clients, seed) : Senders.alike(clients);
    }

    boolean areServersTold() {
        return areServersTold;
    }

    boolean isAboutSubsets() {
        return isAboutSubsets;
    }

    boolean isHedged() {
        return !calls.equals(CallPolicy.defaults());
    }

    HedgeRules hedges(LongSupplier nanoClock) {
        return new HedgeRules(calls, failover, nanoClock);
    }

    /** Whom a client has in its pool. */
    List<Backend> backendsOf(int client) {
        List<Backend> all = Fleet.backends(servers);
        return subsets == null ? all : subsets.apply(client).of(all);
    }

    /** How long after the last arrival answers still count. */
    long patienceNanos() {
        return Math.max(limitNanos == Long.MAX_VALUE ? 0 : limitNanos, timeoutNanos) + 1_000_000_000L;
    }

    Consumer<Fleet> script() {
        return script;
    }

    Consumer<BackendPoolBuilder> poolSettings() {
        return poolSettings;
    }

    BiConsumer<LoadBalancerBuilder, Fleet> balancerSettings() {
        return balancerSettings;
    }
}
