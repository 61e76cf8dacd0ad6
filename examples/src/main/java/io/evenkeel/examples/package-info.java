/**
 * Programs to run and to copy from. Start at {@link io.evenkeel.examples.ThreeVms}; sources of backends for ZooKeeper, etcd and
 * Kubernetes are in {@code io.evenkeel.examples.discovery}.
 */
@NullMarked
package io.evenkeel.examples;

import org.jspecify.annotations.NullMarked;
