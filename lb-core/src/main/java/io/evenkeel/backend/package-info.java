/**
 * What a user declares. Start at {@link io.evenkeel.backend.Backend}.
 *
 * <p>Bottom layer: plain values, which import nothing of this library.
 */
@NullMarked
package io.evenkeel.backend;

import org.jspecify.annotations.NullMarked;
