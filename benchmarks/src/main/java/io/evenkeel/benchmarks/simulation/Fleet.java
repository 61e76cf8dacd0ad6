package io.evenkeel.benchmarks.simulation;

import io.evenkeel.backend.Backend;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** What a scenario does things to: its servers, the time, and chance that is the same for all strategies. */
record Fleet(List<Server> servers, Timeline timeline, RandomGenerator random) {
    private static final int FIRST_PORT = 1;

    /** Backends are known by their ports: looking a name up would cost more than the pick. */
    static List<Backend> backends(int servers) {
        return IntStream.range(0, servers)
                .mapToObj(i -> Backend.of("10.0.0.1", FIRST_PORT + i))
                .toList();
    }

    static int indexOf(Backend backend) {
        return backend.address().getPort() - FIRST_PORT;
    }

    Server server(int index) {
        return servers.get(index);
    }

    /** Has something done after so much time of the scenario. */
    void at(double seconds, Runnable action) {
        timeline.at(Timeline.START + Math.round(seconds * 1e9), tag -> action.run(), 0);
    }

    /** Has something done after so much time from now. */
    void in(double seconds, Runnable action) {
        timeline.in(Math.round(seconds * 1e9), tag -> action.run(), 0);
    }
}
