package io.evenkeel.netty;

import org.jspecify.annotations.Nullable;

/** A list in the order of use, the least recent first. Every step costs the same, however long it is. */
class Chain<T extends Chain.Link> {
    /** What extends this can be in a chain, in one at a time. It is its own link, since there may be very many. */
    static class Link {
        private @Nullable Chain<?> chain;
        private @Nullable Link before;
        private @Nullable Link after;

        final boolean isIn(Chain<?> other) {
            return chain == other;
        }

        /** Moves to the end: it was used just now. */
        final void used() {
            if (chain != null && after != null) {
                chain.put(this);
            }
        }

        final void leave() {
            if (chain == null) {
                return;
            }
            if (before == null) {
                chain.first = after;
            } else {
                before.after = after;
            }
            if (after == null) {
                chain.last = before;
            } else {
                after.before = before;
            }
            chain.size--;
            chain = null;
            before = null;
            after = null;
        }
    }

    private @Nullable Link first;
    private @Nullable Link last;
    private int size;

    /** Puts a link to the end, out of whatever chain it is in. */
    final void append(T link) {
        put(link);
    }

    private void put(Link link) {
        link.leave();
        link.chain = this;
        link.before = last;
        if (last == null) {
            first = link;
        } else {
            last.after = link;
        }
        last = link;
        size++;
    }

    /** The least recently used, or null if there is none. */
    @SuppressWarnings("unchecked") // nothing else is appended
    final @Nullable T eldest() {
        return (T) first;
    }

    final int size() {
        return size;
    }
}
