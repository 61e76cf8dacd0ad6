/**
 * What a forwarder is told to do: plain data. Start at {@link io.evenkeel.netty.rule.LoadBalancingRule}.
 *
 * <p>Knows pools and values of the core, and nothing of the engine that runs the rules.
 */
@NullMarked
package io.evenkeel.netty.rule;

import org.jspecify.annotations.NullMarked;
