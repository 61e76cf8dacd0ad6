/**
 * What a load balancer tells. Start at {@link io.evenkeel.event.LoadBalancerListener}.
 *
 * <p>Second layer: knows the values of {@code io.evenkeel.backend} and nothing else.
 */
@NullMarked
package io.evenkeel.event;

import org.jspecify.annotations.NullMarked;
