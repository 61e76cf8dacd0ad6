package io.evenkeel.examples.discovery;

import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.SourceObserver;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pods of a service of Kubernetes, as its EndpointSlices tell; for those who would rather balance by themselves than be
 * balanced by {@code kube-proxy}. Needs leave to list and watch {@code endpointslices} in the namespace. {@link Slices} says
 * what becomes of an endpoint.
 *
 * <p>A thread of its own lists all slices, and then watches for changes from that version on. Whenever the watch ends, as it
 * does every few minutes, all slices are listed anew, about a second later. While the API server is gone the source fails,
 * and tries again about once a second. Each question lists all slices, too: that finds a watch whose connection is dead
 * without a word. An informer would not look, and might come back 32 s late.
 */
public final class KubernetesSource implements BackendSource {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final int LEAST_PAUSE_MILLIS = 500;
    private static final int MOST_PAUSE_MILLIS = 1_500;

    private final KubernetesClient client;
    private final String namespace;
    private final String service;
    private final String portName;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread follower; // guarded by this
    private volatile @Nullable SliceWatcher watcher; // null while changes would be missed

    /**
     * Asks nobody yet.
     *
     * @param client stays the caller's; with a {@code watchReconnectLimit} of 0 it tells at once when a watch breaks, else it
     *     tries by itself to begin it again, and only the next question finds out that the API server is gone
     * @param portName which port of the service; empty if the only one has no name
     */
    public KubernetesSource(KubernetesClient client, String namespace, String service, String portName) {
        this.client = client;
        this.namespace = namespace;
        this.service = service;
        this.portName = portName;
    }

    @Override
    public void ask(SourceObserver observer) {
        if (isFirst(observer)) {
            return; // the follower answers
        }
        EndpointSliceList found = slices().list();
        SliceWatcher current = watcher;
        if (current != null) {
            current.compare(found.getItems());
        }
    }

    private synchronized boolean isFirst(SourceObserver observer) {
        if (follower != null) {
            return false;
        }
        follower = new Thread(() -> follow(observer), "evenkeel-" + name());
        follower.setDaemon(true);
        follower.start();
        return true;
    }

    private void follow(SourceObserver observer) {
        try {
            do {
                try {
                    listAndWatch(observer);
                } catch (KubernetesClientException | WatcherException e) {
                    observer.failed(e.toString());
                }
            } while (!closing.await(pauseMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void listAndWatch(SourceObserver observer) throws WatcherException, InterruptedException {
        EndpointSliceList list = slices().list();
        SliceWatcher following = new SliceWatcher(list.getItems(), portName, observer);
        String version = list.getMetadata().getResourceVersion();
        try (Watch watch = slices().watch(
                        new ListOptionsBuilder().withResourceVersion(version).build(), following)) {
            following.answer();
            watcher = following;
            following.awaitEnd();
        } finally {
            watcher = null;
        }
    }

    private FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> slices() {
        return client.discovery().v1().endpointSlices().inNamespace(namespace).withLabel(SERVICE_LABEL, service);
    }

    private static long pauseMillis() {
        return ThreadLocalRandom.current().nextInt(LEAST_PAUSE_MILLIS, MOST_PAUSE_MILLIS);
    }

    @Override
    public String name() {
        return "kubernetes:" + namespace + "/" + service;
    }

    @Override
    public synchronized void close() {
        closing.countDown();
        if (follower != null) {
            follower.interrupt();
        }
    }
}
