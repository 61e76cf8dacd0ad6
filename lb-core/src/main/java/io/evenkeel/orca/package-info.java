/**
 * What backends tell of their own load. Start at {@link io.evenkeel.orca.LoadReport}.
 *
 * <p>The format is the Open Request Cost Aggregation of the xDS project. Bottom layer: imports nothing of this library.
 */
@NullMarked
package io.evenkeel.orca;

import org.jspecify.annotations.NullMarked;
