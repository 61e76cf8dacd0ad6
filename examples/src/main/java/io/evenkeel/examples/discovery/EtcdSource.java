package io.evenkeel.examples.discovery;

import io.evenkeel.backend.Backend;
import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.SourceObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backends under a prefix of etcd: each key is one of them, and hangs on a lease that its server keeps alive, as {@link
 * EtcdRegistration} does. What follows the prefix is the id, and the value is JSON: {@code {"host": "10.0.0.1", "port": 8080,
 * "weight": 50, "zone": "west", "labels": {"role": "canary"}}}.
 *
 * <p>A thread of its own reads all keys, and then watches for changes from that revision on. Whenever the watch ends, because
 * the connection broke or etcd has forgotten the revision, it reads all keys anew, so that nothing depends on what was
 * missed. While etcd is gone the source fails, and tries again about twice a second. Each question reads all keys, too: that
 * finds a watch whose connection is dead without a word.
 *
 * <p>A value that cannot be read is left out and told in the log: the mistake of one server is not that of the others.
 */
public final class EtcdSource implements BackendSource {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdSource.class);

    private final EtcdGateway etcd;
    private final String prefix;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread follower; // guarded by this, as is all below
    private @Nullable EtcdWatch watch; // null while changes would be missed
    private Map<String, String> known = Map.of();
    private List<Backend> backends = List.of();

    /**
     * Asks nobody yet.
     *
     * @param prefix not empty; best it ends in a slash, as in {@code /services/orders/}. A user needs to read it, and no more
     */
    public EtcdSource(EtcdAccess access, String prefix) {
        this.etcd = new EtcdGateway(access);
        this.prefix = prefix;
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("prefix: \"\" (expected: not empty)");
        }
    }

    @Override
    public void ask(SourceObserver observer) throws IOException, InterruptedException {
        if (isFirst(observer)) {
            return; // the follower answers
        }
        Map<String, String> found = etcd.range(prefix).values();
        answer(found, observer);
    }

    private synchronized void answer(Map<String, String> found, SourceObserver observer) throws IOException {
        if (watch == null) {
            return; // the follower reads all keys just now, and answers
        }
        if (found.equals(known)) {
            observer.deliver(backends);
        } else {
            watch.close(); // it has missed something, or is about to tell
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
        while (closing.getCount() > 0) {
            try {
                readAndWatch(observer);
            } catch (IOException | RuntimeException e) { // the latter for an answer that is not what it should be
                observer.failed(e.toString());
                pause();
            } catch (InterruptedException e) {
                return; // closed
            }
        }
    }

    /** Until etcd has forgotten what the watch asks for. */
    private void readAndWatch(SourceObserver observer) throws IOException, InterruptedException {
        EtcdGateway.Found found = etcd.range(prefix);
        try (EtcdWatch changes = etcd.watch(prefix, found.revision() + 1)) {
            for (Map<String, String> values = found.values(); values != null; values = changes.next(values)) {
                learn(values, changes, observer);
            }
        } finally {
            forget();
        }
    }

    private synchronized void learn(Map<String, String> values, EtcdWatch changes, SourceObserver observer) {
        backends = backends(values);
        known = values;
        watch = changes;
        observer.deliver(backends);
    }

    private synchronized void forget() {
        watch = null;
    }

    private void pause() {
        try {
            closing.await(EtcdGateway.pauseMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private List<Backend> backends(Map<String, String> values) {
        List<Backend> read = new ArrayList<>();
        values.forEach((key, value) -> {
            try {
                read.add(EtcdValue.backend(key.substring(prefix.length()), value));
            } catch (IllegalArgumentException e) {
                if (!value.equals(known.get(key))) {
                    LOG.warn("left out: key={} ({})", key, e.getMessage());
                }
            }
        });
        return read;
    }

    @Override
    public String name() {
        return "etcd:" + prefix;
    }

    @Override
    public synchronized void close() {
        closing.countDown();
        if (follower != null) {
            follower.interrupt();
        }
    }
}
