package io.evenkeel.netty;

import org.jspecify.annotations.Nullable;

/** A list in the order of use, the least recent first. Every step costs the same, however long it is. */
final class Chain<T> {
    /** The place of an item in the one chain that it is in. */
    static final class Link<T> {
        private final T item;
        private @Nullable Chain<T> chain;
        private @Nullable Link<T> before;
        private @Nullable Link<T> after;

        Link(T item) {
            this.item = item;
        }

        boolean isIn(Chain<T> other) {
            return chain == other;
        }

        /** Moves to the end: it was used just now. */
        void used() {
            if (chain != null && after != null) {
                chain.append(this);
            }
        }

        void leave() {
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

    private @Nullable Link<T> first;
    private @Nullable Link<T> last;
    private int size;

    /** Puts a link to the end, out of whatever chain it is in. */
    void append(Link<T> link) {
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
    @Nullable
    T eldest() {
        return first == null ? null : first.item;
    }

    int size() {
        return size;
    }
}
