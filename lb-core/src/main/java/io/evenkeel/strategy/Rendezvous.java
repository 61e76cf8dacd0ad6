package io.evenkeel.strategy;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.pool.PoolSnapshot;
import java.util.random.RandomGenerator;

/** Ranks the members anew for each key, and takes the first. */
final class Rendezvous implements SelectionStrategy {
    private final KeyHash hash;

    Rendezvous(HashSecret secret, RandomGenerator random) {
        this.hash = new KeyHash(secret, random);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        if (snapshot.selectable().isEmpty()) {
            return context -> null;
        }
        return new Ranking(hash, Roll.of(snapshot.selectable()));
    }
}
