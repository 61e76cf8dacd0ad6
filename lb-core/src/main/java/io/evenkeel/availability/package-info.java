/**
 * What keeps somebody running while others are restarted or lost. Start at
 * {@link io.evenkeel.availability.RollingMaintenance}.
 *
 * <p>Fourth layer: does to a pool what an operator would do.
 */
@NullMarked
package io.evenkeel.availability;

import org.jspecify.annotations.NullMarked;
