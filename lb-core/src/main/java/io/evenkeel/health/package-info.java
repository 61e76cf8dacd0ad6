/**
 * Asks members whether they are well. Start at {@link io.evenkeel.health.HealthProbe}.
 *
 * <p>Tells {@code io.evenkeel.pool} its verdicts; knows no strategy.
 */
@NullMarked
package io.evenkeel.health;

import org.jspecify.annotations.NullMarked;
