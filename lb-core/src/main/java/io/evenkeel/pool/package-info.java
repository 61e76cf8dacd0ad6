/**
 * Who may be chosen, and how it went. Start at {@link io.evenkeel.pool.BackendPool}.
 *
 * <p>One writer publishes immutable snapshots; readers take no lock. Third layer: strategies, health and everything
 * above read it, and it knows none of them.
 */
@NullMarked
package io.evenkeel.pool;

import org.jspecify.annotations.NullMarked;
