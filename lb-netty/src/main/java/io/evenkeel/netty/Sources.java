package io.evenkeel.netty;

import org.jspecify.annotations.Nullable;

/** The flows of each source that has any, in the order of use; a hash table without entries, since it may hold very many. */
final class Sources<F> {
    /** Those of one source. */
    static final class Kin<F> {
        final Chain<Seat<F>> chain = new Chain<>();
        private final long hash;

        private @Nullable Kin<F> next; // in its slot

        private Kin(long hash) {
            this.hash = hash;
        }
    }

    private static final int FIRST_SLOTS = 64;

    private @Nullable Kin<F>[] slots = slots(FIRST_SLOTS);
    private int size;

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
    private static <F> @Nullable Kin<F>[] slots(int count) {
        return new Kin[count];
    }

    /** Null if it has none. The hash is all that is known of a source, so it must be of 64 bits, and secret. */
    @Nullable
    Kin<F> find(long hash) {
        Kin<F> kin = slots[slot(hash)];
        while (kin != null && kin.hash != hash) {
            kin = kin.next;
        }
        return kin;
    }

    /** Adds a flow to those of its source. */
    void append(long hash, Chain.Link<Seat<F>> link) {
        Kin<F> kin = find(hash);
        if (kin == null) {
            if (size >= slots.length) {
                grow();
            }
            kin = new Kin<>(hash);
            put(kin);
            size++;
        }
        kin.chain.append(link);
    }

    /** Takes a flow away. */
    void leave(long hash, Chain.Link<Seat<F>> link) {
        link.leave();
        Kin<F> before = null;
        for (Kin<F> at = slots[slot(hash)]; at != null; before = at, at = at.next) {
            if (at.hash == hash && at.chain.size() == 0) {
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
