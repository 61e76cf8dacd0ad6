/**
 * How one member is chosen. Start at {@link io.evenkeel.strategy.SelectionStrategy}.
 *
 * <p>Reads snapshots of {@code io.evenkeel.pool} and never changes them.
 */
@NullMarked
package io.evenkeel.strategy;

import org.jspecify.annotations.NullMarked;
