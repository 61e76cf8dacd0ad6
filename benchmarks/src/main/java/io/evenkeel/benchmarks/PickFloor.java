package io.evenkeel.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The least code that could be called a pick: an array, no membership, no health. What ours is measured by. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickFloor {
    /** A host and its load, as a balancer would keep them. */
    static final class Host {
        final AtomicInteger inFlight = new AtomicInteger();
    }

    /** Members. */
    @Param("100")
    public int members;

    private Host[] hosts;
    private final AtomicInteger next = new AtomicInteger();

    /** Makes the array. */
    @Setup
    public void setUp() {
        hosts = new Host[members];
        for (int i = 0; i < members; i++) {
            hosts[i] = new Host();
        }
    }

    /** One after the other. */
    @Benchmark
    public Object roundRobin() {
        Host[] all = hosts;
        return all[(next.getAndIncrement() & Integer.MAX_VALUE) % all.length];
    }

    /** Any. */
    @Benchmark
    public Object random() {
        Host[] all = hosts;
        return all[ThreadLocalRandom.current().nextInt(all.length)];
    }

    /** One after the other, counted in and out. */
    @Benchmark
    public Object roundRobinCycle() {
        Host[] all = hosts;
        Host host = all[(next.getAndIncrement() & Integer.MAX_VALUE) % all.length];
        host.inFlight.getAndIncrement();
        host.inFlight.getAndDecrement();
        return host;
    }

    private static Host lighterOfTwo(Host[] all) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int first = random.nextInt(all.length);
        int second = random.nextInt(all.length - 1);
        second += second >= first ? 1 : 0;
        Host a = all[first];
        Host b = all[second];
        return a.inFlight.get() <= b.inFlight.get() ? a : b;
    }

    /** Of two different ones, the one with less in flight. */
    @Benchmark
    public Object twoChoices() {
        return lighterOfTwo(hosts);
    }

    /** The same, counted in and out. */
    @Benchmark
    public Object twoChoicesCycle() {
        Host host = lighterOfTwo(hosts);
        host.inFlight.getAndIncrement();
        host.inFlight.getAndDecrement();
        return host;
    }

    /** The same, and its latency read from a clock. */
    @Benchmark
    public long timedTwoChoicesCycle() {
        Host host = lighterOfTwo(hosts);
        long began = System.nanoTime();
        host.inFlight.getAndIncrement();
        long took = System.nanoTime() - began;
        host.inFlight.getAndDecrement();
        return took;
    }
}
