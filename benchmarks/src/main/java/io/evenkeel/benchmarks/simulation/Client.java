package io.evenkeel.benchmarks.simulation;

import io.evenkeel.LoadBalancer;
import io.evenkeel.pool.Pick;
import java.util.List;

/** One client: a pool and a balancer of its own, and the way from a pick to the server behind it. */
record Client(LoadBalancer balancer, List<Server> servers) {

    Server serverOf(Pick pick) {
        return servers.get(Fleet.indexOf(pick.backend()));
    }
}
