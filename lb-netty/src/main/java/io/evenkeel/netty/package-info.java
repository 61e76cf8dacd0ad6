/**
 * Forwards connections and datagrams to the members of a pool. Start at {@link io.evenkeel.netty.Forwarder}.
 *
 * <p>Runs the rules of {@code io.evenkeel.netty.rule}. Both ends of a flow live on one event loop, so flows take no lock.
 */
@NullMarked
package io.evenkeel.netty;

import org.jspecify.annotations.NullMarked;
