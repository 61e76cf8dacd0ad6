package io.evenkeel.discovery;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.Backend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** An arc of the circle of backends, one of as many as there are clients, all of one length. */
record PeerSubset(int index, int peers, int size) implements Subset {
    /** Any will do that is the same everywhere. */
    static final long SEED = 0;

    PeerSubset {
        checkArgument(peers > 0, "peers: %s (expected: >= 1)", peers);
        checkArgument(index >= 0 && index < peers, "index: %s (expected: 0 to %s)", index, peers - 1);
        checkArgument(size > 0, "size: %s (expected: >= 1)", size);
    }

    @Override
    public Subset withSize(int size) {
        return new PeerSubset(index, peers, size);
    }

    @Override
    public List<Backend> of(Collection<Backend> backends) {
        return Levels.each(backends, SEED, this::arc);
    }

    /** The backends in the arc, with the part of their weight that is; in the order of the circle. */
    List<Backend> arc(List<Backend> circle) {
        List<Backend> arc = new ArrayList<>();
        int[] parts = parts(circle.size());
        int first = (int) ((long) index * circle.size() / peers);
        for (int step = 0; step < circle.size(); step++) {
            int at = (first + step) % circle.size();
            if (parts[at] > 0) {
                arc.add(partly(circle.get(at), parts[at]));
            }
        }
        return arc;
    }

    private Backend partly(Backend backend, int part) {
        if (part == peers || backend.weight() == 0) {
            return backend;
        }
        long weight = Math.round((double) backend.weight() * part / peers);
        return backend.withWeight((int) Math.max(1, weight));
    }

    /** How much of each backend is in the arc, in parts of {@code 1 / peers}: then every edge is a whole number. */
    int[] parts(int backends) {
        int[] parts = new int[backends];
        long begin = (long) index * backends;
        long end = begin + backends * steps(backends);
        for (long position = begin; position < end; ) {
            long edge = Math.min(end, (position / peers + 1) * peers);
            parts[(int) (position / peers % backends)] += (int) (edge - position);
            position = edge;
        }
        return parts;
    }

    /**
     * The arc's length in distances between two neighbours, as a whole number: then all places are in as many arcs. The
     * nearest one, at least 1; rounded up, 100 clients of 1,000 backends would take in ten more each whenever one leaves.
     */
    private long steps(int backends) {
        long nearest = (2L * size * peers + backends) / (2L * backends);
        return Math.max(1, Math.min(peers, nearest));
    }
}
