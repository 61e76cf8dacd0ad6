package io.evenkeel.discovery;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.XxHash64;
import io.evenkeel.backend.Backend;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** The first backends in an order that each client has of its own. */
record ClientSubset(long seed, int size) implements Subset {
    ClientSubset {
        checkArgument(size > 0, "size: %s (expected: >= 1)", size);
    }

    ClientSubset(String id, int size) {
        this(seed(id), size);
    }

    private static long seed(String id) {
        checkArgument(!id.isBlank(), "id: \"%s\" (expected: not blank)", id);
        return XxHash64.hash(id.getBytes(StandardCharsets.UTF_8), 0);
    }

    @Override
    public Subset withSize(int size) {
        return new ClientSubset(seed, size);
    }

    @Override
    public List<Backend> of(Collection<Backend> backends) {
        return Levels.each(backends, seed, ranked -> ranked.subList(0, Math.min(size, ranked.size())));
    }
}
