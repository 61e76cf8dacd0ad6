package io.evenkeel.examples.discovery;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server does to be found by {@link EtcdSource}: it writes a key that hangs on a lease, and keeps the lease alive.
 * Killed, it is gone when the lease is over; closed, it is gone at once. If etcd has forgotten the lease, the key is written
 * anew.
 */
public final class EtcdRegistration implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdRegistration.class);

    /** So that two renewals may be lost. */
    private static final int RENEWALS = 3;

    private static final long MOST_CLOSING_MILLIS = 5_000;

    private final EtcdGateway etcd;
    private final String key;
    private final String value;
    private final Duration ttl;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread keeper;
    private long lease; // only of the keeper; 0 is none

    private EtcdRegistration(EtcdGateway etcd, String key, String value, Duration ttl) {
        this.etcd = etcd;
        this.key = key;
        this.value = value;
        this.ttl = ttl;
        this.keeper = new Thread(this::keep, "evenkeel-etcd:" + key);
    }

    /**
     * Begins to register; in the background, and again and again until etcd is there.
     *
     * @param access if with a user, one that may write the key
     * @param key the prefix that sources watch, and the id of this server
     * @param host an IP address
     * @param ttl how long the key outlives its server; whole seconds, at least 1
     */
    public static EtcdRegistration start(
            EtcdAccess access, String key, String host, int port, Traits traits, Duration ttl) {
        if (ttl.toSeconds() < 1) {
            throw new IllegalArgumentException("ttl: " + ttl + " (expected: >= 1 s)");
        }
        String value = EtcdValue.write(host, port, traits);
        EtcdRegistration started = new EtcdRegistration(new EtcdGateway(access), key, value, ttl);
        started.keeper.setDaemon(true);
        started.keeper.start();
        return started;
    }

    private void keep() {
        try {
            long pauseMillis = 0;
            while (!closing.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                pauseMillis = Math.min(renew() ? Long.MAX_VALUE : EtcdGateway.pauseMillis(), ttl.toMillis() / RENEWALS);
            }
            if (lease != 0) {
                etcd.revoke(lease);
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("key={} stays until its lease is over", key, e);
        }
    }

    private boolean renew() throws InterruptedException {
        try {
            if (lease == 0 || !etcd.keepAlive(lease)) {
                long granted = etcd.grant(ttl);
                etcd.put(key, value, granted);
                lease = granted; // only now: a lease without the key must not be kept alive
            }
            return true;
        } catch (IOException e) {
            LOG.warn("key={} not renewed ({})", key, e.getMessage());
            return false;
        }
    }

    /** Takes the key away, if etcd answers within seconds. */
    @Override
    public void close() throws InterruptedException {
        closing.countDown();
        keeper.join(MOST_CLOSING_MILLIS);
        keeper.interrupt();
    }
}
