/** What things cost, as ratios to a floor or a peer in the same run. Start at {@link io.evenkeel.benchmarks.Run}. */
@NullMarked
package io.evenkeel.benchmarks;

import org.jspecify.annotations.NullMarked;
