/**
 * The forwarder beside others, over loopback and each in a process of its own. Start at
 * {@link io.evenkeel.benchmarks.forward.Bench}.
 */
@NullMarked
package io.evenkeel.benchmarks.forward;

import org.jspecify.annotations.NullMarked;
