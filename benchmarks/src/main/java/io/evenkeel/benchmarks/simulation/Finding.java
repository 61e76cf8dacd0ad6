package io.evenkeel.benchmarks.simulation;

/**
 * A figure beside what it must be.
 *
 * @param name scenario and contender
 * @param reads what came out, in words
 */
public record Finding(String name, String reads, double value, Claim claim) {}
