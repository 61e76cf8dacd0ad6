/**
 * The shipped strategies against simulated servers, in virtual time: a minute of traffic takes a moment, and the same seed
 * gives the same figures. It shows where requests go and how long they wait; what a pick costs is not its matter. Start at
 * {@link io.evenkeel.benchmarks.simulation.Simulations}.
 */
@NullMarked
package io.evenkeel.benchmarks.simulation;

import org.jspecify.annotations.NullMarked;
