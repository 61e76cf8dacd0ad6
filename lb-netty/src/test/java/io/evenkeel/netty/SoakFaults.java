package io.evenkeel.netty;

import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Kills, stops and removes backends at random, never more than some at a time, and repairs them later. */
final class SoakFaults {
    /** So that one of three attempts to connect finds one that is well. */
    private static final int MOST_AT_A_TIME = 2;

    private enum Fault {
        KILLED,
        STOPPED,
        REMOVED
    }

    private final List<EchoProcess> backends;
    private final BackendPool pool;
    private final Random random;
    private final Map<EchoProcess, Fault> faults = new HashMap<>();
    private final Map<String, Long> wellSince = new ConcurrentHashMap<>();
    private int count;

    SoakFaults(List<EchoProcess> backends, BackendPool pool, long seed) {
        this.backends = backends;
        this.pool = pool;
        this.random = new Random(seed);
    }

    /** Does something to a backend, or repairs it. */
    void next() throws IOException, InterruptedException {
        if (faults.size() == MOST_AT_A_TIME || (!faults.isEmpty() && random.nextBoolean())) {
            repair(anyOf(backends.stream().filter(faults::containsKey).toList()));
        } else {
            EchoProcess well =
                    anyOf(backends.stream().filter(b -> !faults.containsKey(b)).toList());
            befall(well, anyOf(List.of(Fault.values())));
        }
    }

    private <T> T anyOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private void befall(EchoProcess backend, Fault fault) throws IOException, InterruptedException {
        count++;
        faults.put(backend, fault);
        switch (fault) {
            case KILLED -> {
                wellSince.put(backend.name(), Long.MAX_VALUE);
                backend.kill();
            }
            case STOPPED -> {
                wellSince.put(backend.name(), Long.MAX_VALUE);
                backend.signal("STOP");
            }
            case REMOVED -> pool.remove(backend.name()); // no harm: its connections go on
        }
    }

    private void repair(EchoProcess backend) throws IOException, InterruptedException {
        switch (faults.remove(backend)) {
            case KILLED -> {
                backend.start();
                wellSince.put(backend.name(), System.nanoTime());
            }
            case STOPPED -> {
                backend.signal("CONT");
                wellSince.put(backend.name(), System.nanoTime());
            }
            case REMOVED -> pool.add(backend.backend());
        }
    }

    void repairAll() throws IOException, InterruptedException {
        for (EchoProcess backend : List.copyOf(faults.keySet())) {
            repair(backend);
        }
    }

    int count() {
        return count;
    }

    /** Whether it was killed or stopped since then. */
    boolean explain(String backend, long sinceNanos) {
        long since = wellSince.getOrDefault(backend, sinceNanos);
        return since == Long.MAX_VALUE || since - sinceNanos > 0;
    }
}
