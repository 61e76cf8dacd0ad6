/**
 * Takes members out for what their traffic has shown. Start at {@link io.evenkeel.outlier.OutlierPolicy}.
 *
 * <p>Reads the load of members and ejects through {@code io.evenkeel.pool}; knows no probe and no strategy.
 */
@NullMarked
package io.evenkeel.outlier;

import org.jspecify.annotations.NullMarked;
