package io.evenkeel.examples.discovery;

import io.evenkeel.backend.Backend;
import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.SourceObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.details.JsonInstanceSerializer;
import org.apache.curator.x.discovery.details.ServiceCacheListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that have registered themselves in ZooKeeper by Curator's service discovery, with {@link Traits} for a payload.
 * Their nodes are ephemeral: who is killed is gone when its session is over.
 *
 * <p>Keeps a copy of what is there, which watches keep up to date. While the connection is broken or the session is over the
 * source fails; after that Curator sets its watches anew and reads everything again.
 *
 * <p>Who has left stays half a second longer: Curator makes the nodes of servers anew after each loss of their sessions, and
 * they are no less there meanwhile.
 *
 * <p>The id is {@code host:port}, so that a server that was started anew is not there twice until its old session is over:
 * of two nodes with one address the newer one counts. A server that is not enabled is drained: its weight is 0.
 */
public final class ZooKeeperSource implements BackendSource {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperSource.class);

    private static final Executor AFTER_PATIENCE =
            CompletableFuture.delayedExecutor(Leavers.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);

    private final CuratorFramework client;
    private final String basePath;
    private final String service;
    private final Leavers leavers = new Leavers(); // guarded by this
    private volatile @Nullable ServiceCache<Traits> cache; // null until everything was read
    private volatile boolean isBroken;
    private volatile boolean closed;

    /**
     * Asks nobody yet.
     *
     * @param client a started one, which stays the caller's; its session is what notices that ZooKeeper is gone
     * @param basePath under which services are, such as {@code /services}
     * @param service the name under which servers register
     */
    public ZooKeeperSource(CuratorFramework client, String basePath, String service) {
        this.client = client;
        this.basePath = basePath;
        this.service = service;
    }

    /** What servers register with; to be started and closed by the caller. */
    public static ServiceDiscovery<Traits> discovery(CuratorFramework client, String basePath) {
        // The payload's type is final: no other class can be named in the registry and made here.
        return ServiceDiscoveryBuilder.builder(Traits.class)
                .client(client)
                .basePath(basePath)
                .serializer(new JsonInstanceSerializer<>(Traits.class, false))
                .build();
    }

    @Override
    public void ask(SourceObserver observer) throws Exception {
        if (cache == null) {
            start(observer);
        } else {
            answer(observer);
        }
    }

    private void start(SourceObserver observer) throws Exception {
        ServiceCache<Traits> starting =
                discovery(client, basePath).serviceCacheBuilder().name(service).build();
        starting.addListener(new ServiceCacheListener() {
            @Override
            public void cacheChanged() {
                answer(observer);
            }

            @Override
            public void stateChanged(CuratorFramework ignored, ConnectionState state) {
                isBroken = !state.isConnected() || state == ConnectionState.READ_ONLY;
                answer(observer);
            }
        });
        try {
            starting.start(); // waits until everything was read
        } catch (Exception e) {
            starting.close();
            throw e;
        }
        cache = starting;
        answer(observer);
        if (closed) {
            starting.close();
        }
    }

    /** One at a time: what was read first must not be delivered last. */
    private synchronized void answer(SourceObserver observer) {
        ServiceCache<Traits> known = cache;
        if (known != null && isBroken) {
            leavers.waitAnew();
            observer.failed("no connection to ZooKeeper");
        } else if (known != null && !closed) {
            observer.deliver(leavers.addTo(backends(known.getInstances()), System.nanoTime()));
            if (leavers.any()) {
                AFTER_PATIENCE.execute(() -> answer(observer));
            }
        }
    }

    private static List<Backend> backends(List<ServiceInstance<Traits>> instances) {
        List<ServiceInstance<Traits>> newestFirst = new ArrayList<>(instances);
        newestFirst.sort(Comparator.comparing(ServiceInstance<Traits>::getRegistrationTimeUTC)
                .reversed());
        List<Backend> backends = new ArrayList<>();
        for (ServiceInstance<Traits> instance : newestFirst) {
            try {
                backends.add(backend(instance));
            } catch (RuntimeException e) { // no port, or a weight that is none: the mistake of one
                LOG.warn("left out: {} ({})", instance, e.toString());
            }
        }
        return backends;
    }

    private static Backend backend(ServiceInstance<Traits> instance) {
        Traits traits = instance.getPayload() == null ? Traits.NONE : instance.getPayload();
        Backend backend = traits.of(Backend.of(instance.getAddress(), instance.getPort()));
        return instance.isEnabled() ? backend : backend.withWeight(0);
    }

    @Override
    public String name() {
        return "zookeeper:" + basePath + "/" + service;
    }

    @Override
    public void close() {
        closed = true;
        ServiceCache<Traits> current = cache;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                LOG.debug("close", e);
            }
        }
    }
}
