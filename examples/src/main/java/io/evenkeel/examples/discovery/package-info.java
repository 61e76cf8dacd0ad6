/**
 * Sources of backends to copy: {@link io.evenkeel.examples.discovery.ZooKeeperSource ZooKeeper}, {@link
 * io.evenkeel.examples.discovery.EtcdSource etcd} and {@link io.evenkeel.examples.discovery.KubernetesSource Kubernetes}.
 */
@NullMarked
package io.evenkeel.examples.discovery;

import org.jspecify.annotations.NullMarked;
