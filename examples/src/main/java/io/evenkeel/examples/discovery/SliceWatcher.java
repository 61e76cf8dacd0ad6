package io.evenkeel.examples.discovery;

import io.evenkeel.discovery.SourceObserver;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Keeps a list of slices up to date for as long as one watch lasts. */
final class SliceWatcher implements Watcher<EndpointSlice> {
    private final String portName;
    private final SourceObserver observer;
    private final Map<String, EndpointSlice> known; // by name; guarded by this
    private final CountDownLatch end = new CountDownLatch(1);
    private @Nullable WatcherException fault; // guarded by this

    SliceWatcher(Collection<EndpointSlice> listed, String portName, SourceObserver observer) {
        this.portName = portName;
        this.observer = observer;
        this.known = byName(listed);
    }

    private static Map<String, EndpointSlice> byName(Collection<EndpointSlice> slices) {
        Map<String, EndpointSlice> byName = new HashMap<>();
        slices.forEach(slice -> byName.put(slice.getMetadata().getName(), slice));
        return byName;
    }

    /** Delivers what is known, unless the watch is over: then somebody else knows better. */
    synchronized void answer() {
        if (end.getCount() > 0) {
            observer.deliver(Slices.backends(known.values(), portName));
        }
    }

    @Override
    public synchronized void eventReceived(Action action, EndpointSlice slice) {
        switch (action) {
            case ADDED, MODIFIED -> known.put(slice.getMetadata().getName(), slice);
            case DELETED -> known.remove(slice.getMetadata().getName());
            default -> {
                return; // a bookmark changes nothing, and an error comes to onClose
            }
        }
        answer();
    }

    /** Answers if these are the same, else ends: then something was missed, or is about to be told. */
    synchronized void compare(Collection<EndpointSlice> listed) {
        if (known.equals(byName(listed))) {
            answer();
        } else {
            end.countDown();
        }
    }

    /** Waits until the watch is over; throws what it has died of, unless that is age. */
    void awaitEnd() throws WatcherException, InterruptedException {
        end.await();
        synchronized (this) {
            if (fault != null && !fault.isHttpGone()) {
                throw fault;
            }
        }
    }

    @Override
    public void onClose() {
        end.countDown();
    }

    @Override
    public synchronized void onClose(WatcherException cause) {
        fault = cause;
        end.countDown();
    }
}
