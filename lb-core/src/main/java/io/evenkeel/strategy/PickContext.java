package io.evenkeel.strategy;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller knows about one pick: which traffic it belongs to, and who should or must not be chosen. Immutable. */
public final class PickContext {
    private static final PickContext NONE = new PickContext(false, 0, List.of(), null);

    private final boolean keyed;
    private final long key;
    private final List<Backend> excluded;
    private final @Nullable Backend preferred;
    private final boolean plain;

    private PickContext(boolean keyed, long key, List<Backend> excluded, @Nullable Backend preferred) {
        this.keyed = keyed;
        this.key = key;
        this.excluded = excluded;
        this.preferred = preferred;
        this.plain = excluded.isEmpty() && preferred == null;
    }

    /** Nothing is known: any member will do. */
    public static PickContext none() {
        return NONE;
    }

    /**
     * Belongs to a key: keyed strategies send equal keys to the same member.
     *
     * @param key for text, {@link io.evenkeel.affinity.HashSecret#hash}; for a connection,
     *     {@link io.evenkeel.affinity.Affinity#key}
     */
    public static PickContext keyed(long key) {
        return new PickContext(true, key, List.of(), null);
    }

    /** The same, but not this backend: it was tried already. */
    public PickContext excluding(Backend backend) {
        Backend[] more = excluded.toArray(new Backend[excluded.size() + 1]);
        more[excluded.size()] = backend;
        return new PickContext(keyed, key, Arrays.asList(more), preferred);
    }

    /** Whether there is a key. */
    public boolean hasKey() {
        return keyed;
    }

    /** The key; 0 where there is none. */
    public long key() {
        return key;
    }

    /** Whether any backend is excluded. */
    public boolean hasExclusions() {
        return !excluded.isEmpty();
    }

    /** Whether this backend must not be chosen. */
    public boolean excludes(Backend backend) {
        for (Backend other : excluded) {
            if (other.id().equals(backend.id())) {
                return true;
            }
        }
        return false;
    }

    /** Whether an excluded backend stands where this one does, and may have failed for a reason they share. */
    boolean isBesideExcluded(Backend backend) {
        Placement place = backend.placement();
        for (Backend other : excluded) {
            Placement failed = other.placement();
            boolean isKnown = failed.faultDomain() >= 0;
            if (isKnown
                    && failed.faultDomain() == place.faultDomain()
                    && failed.zone().equals(place.zone())) {
                return true;
            }
        }
        return false;
    }

    /** Another key that follows from this one, so that a keyed second choice is as stable as the first. */
    PickContext nextChoice() {
        return new PickContext(keyed, Mix.next(key), excluded, preferred);
    }

    /** Key, exclusions and preference. */
    @Override
    public String toString() {
        return "PickContext[" + (keyed ? "key=" + Long.toHexString(key) : "no key")
                + (excluded.isEmpty() ? "" : ", excluding " + excluded)
                + (preferred == null ? "" : ", preferring " + preferred) + "]";
    }

    /**
     * The same, but this backend if it may be had: while it is selectable, not excluded and, on trial, not taken, the pick
     * goes there, whatever the strategy, which is not asked. Else the strategy chooses. For sessions that live on one
     * backend. Known by its id.
     */
    public PickContext preferring(Backend backend) {
        return new PickContext(keyed, key, excluded, backend);
    }

    /** The backend that is preferred; null where there is none. */
    @Nullable
    Backend preferred() {
        return preferred;
    }

    /** Whether nobody is excluded or preferred: such picks are the most, and ask once. */
    boolean isPlain() {
        return plain;
    }
}
