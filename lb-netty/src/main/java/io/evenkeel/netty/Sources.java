package io.evenkeel.netty;

import org.jspecify.annotations.Nullable;

/** The flows of each source that has any, in the order of use; a hash table without entries, since it may hold very many. */
final class Sources<F extends Seat<F>> {
    /** The flows of one source. */
    private static final class Kin<F> extends Chain<Kinship<F>> {
        private final long hash;

        private @Nullable Kin<F> next; // in its slot

        private Kin(long hash) {
            this.hash = hash;
        }
    }

    /** The link of a flow, which is itself one in another chain. */
    static final class Kinship<F> extends Chain.Link {
        private final F flow;

        private Kinship(F flow) {
            this.flow = flow;
        }
    }

    private static final int FIRST_SLOTS = 64;

    private @Nullable Kin<F>[] slots = slots(FIRST_SLOTS);
    private int size;

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
    private static <F extends Seat<F>> @Nullable Kin<F>[] slots(int count) {
        return new Kin[count];
    }

    /** How many flows a source has. Its hash is all that is known of it, so that must be of 64 bits, and secret. */
    int count(long hash) {
        Kin<F> kin = find(hash);
        return kin == null ? 0 : kin.size();
    }

    /** The least recently used flow of a source; null if it has none. */
    @Nullable
    F eldest(long hash) {
        Kin<F> kin = find(hash);
        Kinship<F> eldest = kin == null ? null : kin.eldest();
        return eldest == null ? null : eldest.flow;
    }

    private @Nullable Kin<F> find(long hash) {
        Kin<F> kin = slots[slot(hash)];
        while (kin != null && kin.hash != hash) {
            kin = kin.next;
        }
        return kin;
    }

    /** Adds a flow to those of its source. */
    void append(long hash, F flow) {
        Kin<F> kin = find(hash);
        if (kin == null) {
            if (size >= slots.length) {
                grow();
            }
            kin = new Kin<>(hash);
            put(kin);
            size++;
        }
        Kinship<F> kinship = new Kinship<>(flow);
        kin.append(kinship);
        flow.kinship = kinship;
    }

    /** A flow was used just now. */
    void used(F flow) {
        if (flow.kinship != null) {
            flow.kinship.used();
        }
    }

    /** Takes a flow away. */
    void leave(long hash, F flow) {
        if (flow.kinship != null) {
            flow.kinship.leave();
            flow.kinship = null;
        }
        Kin<F> before = null;
        for (Kin<F> at = slots[slot(hash)]; at != null; before = at, at = at.next) {
            if (at.hash == hash && at.size() == 0) {
                if (before == null) {
                    slots[slot(hash)] = at.next;
                } else {
                    before.next = at.next;
                }
                size--;
                return;
            }
        }
    }

    private void grow() {
        @Nullable Kin<F>[] old = slots;
        slots = slots(2 * old.length);
        for (Kin<F> first : old) {
            Kin<F> kin = first;
            while (kin != null) {
                Kin<F> after = kin.next;
                put(kin);
                kin = after;
            }
        }
    }

    private void put(Kin<F> kin) {
        kin.next = slots[slot(kin.hash)];
        slots[slot(kin.hash)] = kin;
    }

    private int slot(long hash) {
        return (int) hash & (slots.length - 1);
    }
}
