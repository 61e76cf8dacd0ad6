package io.evenkeel.benchmarks.simulation;

import io.evenkeel.LoadBalancer;
import io.evenkeel.okhttp.HedgeRules;

/** One client: a pool and a balancer of its own, and when it sends a request a second time. */
record Client(LoadBalancer balancer, HedgeRules hedges) {}
