package io.evenkeel.pool;

import io.evenkeel.event.Faults;
import io.evenkeel.event.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants each snapshot; what they throw is kept away from the pool. */
final class Subscribers {
    private final List<Consumer<PoolSnapshot>> all = new CopyOnWriteArrayList<>();
    private final Faults faults;

    Subscribers(Faults faults) {
        this.faults = faults;
    }

    Subscription add(Consumer<PoolSnapshot> subscriber, PoolSnapshot present) {
        all.add(subscriber);
        tell(subscriber, present);
        return () -> all.remove(subscriber);
    }

    void tell(PoolSnapshot latest) {
        all.forEach(subscriber -> tell(subscriber, latest));
    }

    private void tell(Consumer<PoolSnapshot> subscriber, PoolSnapshot latest) {
        try {
            subscriber.accept(latest);
        } catch (Throwable fault) {
            faults.caught("subscriber", fault);
        }
    }
}
