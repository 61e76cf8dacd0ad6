/**
 * The front door: {@link io.evenkeel.LoadBalancer} puts a pool, its health monitor and a strategy together.
 *
 * <p>Top layer: imports every package below, and none of them knows it.
 */
@NullMarked
package io.evenkeel;

import org.jspecify.annotations.NullMarked;
