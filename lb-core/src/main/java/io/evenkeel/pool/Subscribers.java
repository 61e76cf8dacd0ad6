package io.evenkeel.pool;

import io.evenkeel.event.Faults;
import io.evenkeel.event.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Who wants each snapshot; what they throw is kept away from the pool. */
final class Subscribers {
    private final List<Consumer<PoolSnapshot>> all = new CopyOnWriteArrayList<>();
    private final Faults faults;

    Subscribers(Faults faults) {
        this.faults = faults;
    }

    /** {@code present} is read when changes are told already, so that none is missed. */
    Subscription add(Consumer<PoolSnapshot> subscriber, Supplier<PoolSnapshot> present) {
        all.add(subscriber);
        tell(subscriber, present.get());
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
