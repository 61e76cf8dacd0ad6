/**
 * Finds out who is in a pool. Start at {@link io.evenkeel.discovery.BackendSource}.
 *
 * <p>Tells {@code io.evenkeel.pool} who comes and goes; knows no strategy and no probe.
 */
@NullMarked
package io.evenkeel.discovery;

import org.jspecify.annotations.NullMarked;
