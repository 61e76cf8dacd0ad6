/**
 * Which traffic stays together. Start at {@link io.evenkeel.affinity.Affinity}.
 *
 * <p>Bottom layer: imports nothing of this library.
 */
@NullMarked
package io.evenkeel.affinity;

import org.jspecify.annotations.NullMarked;
