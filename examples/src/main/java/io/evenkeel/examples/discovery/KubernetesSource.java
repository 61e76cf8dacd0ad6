package io.evenkeel.examples.discovery;

import io.evenkeel.backend.Backend;
import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.SourceObserver;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pods of a service of Kubernetes, as its EndpointSlices tell; for those inside the cluster who would rather balance
 * than be balanced by {@code kube-proxy}. Needs leave to list and watch {@code endpointslices} in the namespace.
 *
 * <p>An informer keeps a copy of all slices. While the API server is gone the source fails, and the informer comes back by
 * itself after 1 s, 2 s, 4 s and so on up to 32 s; a {@code watchReconnectInterval} of 100 ms in the client's configuration
 * makes that 3.2 s at most.
 *
 * <p>{@link Slices} says which endpoint becomes what.
 */
public final class KubernetesSource implements BackendSource {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private final KubernetesClient client;
    private final String namespace;
    private final String service;
    private final String portName;
    private @Nullable SharedIndexInformer<EndpointSlice> informer; // guarded by this
    private boolean closed; // guarded by this

    /**
     * Asks nobody yet.
     *
     * @param client stays the caller's
     * @param portName of the service; empty if its only port has no name
     */
    public KubernetesSource(KubernetesClient client, String namespace, String service, String portName) {
        this.client = client;
        this.namespace = namespace;
        this.service = service;
        this.portName = portName;
    }

    @Override
    public synchronized void ask(SourceObserver observer) {
        if (informer == null && !closed) {
            informer = start(observer); // and answers when everything was read
        } else if (informer != null && informer.isWatching()) {
            answer(informer, observer);
        } else {
            observer.failed("no connection to the API server");
        }
    }

    private SharedIndexInformer<EndpointSlice> start(SourceObserver observer) {
        SharedIndexInformer<EndpointSlice> starting = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel(SERVICE_LABEL, service)
                .runnableInformer(0);
        starting.exceptionHandler((isStarted, e) -> {
            observer.failed(e.toString());
            return true; // go on trying
        });
        starting.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(EndpointSlice slice) {
                answer(starting, observer);
            }

            @Override
            public void onUpdate(EndpointSlice before, EndpointSlice slice) {
                answer(starting, observer);
            }

            @Override
            public void onDelete(EndpointSlice slice, boolean isUnsure) {
                answer(starting, observer);
            }
        });
        starting.start().thenRun(() -> answer(starting, observer));
        return starting;
    }

    /** Not before everything was read: half a list would take the other half away. */
    private void answer(SharedIndexInformer<EndpointSlice> known, SourceObserver observer) {
        if (known.hasSynced()) {
            observer.deliver(Slices.backends(known.getStore().list(), portName));
        }
    }

    @Override
    public String name() {
        return "kubernetes:" + namespace + "/" + service;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (informer != null) {
            informer.close();
        }
    }
}
