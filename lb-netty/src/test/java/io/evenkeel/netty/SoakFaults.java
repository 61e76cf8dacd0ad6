package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
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
        EchoProcess backend = backends.get(random.nextInt(backends.size()));
        if (faults.containsKey(backend)) {
            repair(backend);
        } else if (faults.size() < MOST_AT_A_TIME) {
            befall(backend, Fault.values()[random.nextInt(Fault.values().length)]);
        }
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
            case REMOVED -> {
                Backend back = backend.backend();
                pool.add(back);
            }
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
