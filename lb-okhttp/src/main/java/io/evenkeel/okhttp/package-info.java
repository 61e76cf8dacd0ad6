/**
 * Each call of an OkHttp client goes to a backend that a balancer chose. Start at {@link
 * io.evenkeel.okhttp.LoadBalancingInterceptor}.
 *
 * <p>Sits above all packages of the core, and nothing knows it.
 */
@NullMarked
package io.evenkeel.okhttp;

import org.jspecify.annotations.NullMarked;
