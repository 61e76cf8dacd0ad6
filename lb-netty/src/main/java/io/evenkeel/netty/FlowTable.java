package io.evenkeel.netty;

import io.evenkeel.affinity.HashSecret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Flows by where they come from, at most so many, and at most so many of one source. Not locked: it belongs to one event loop.
 *
 * <p>Who has to give way when it is full must not be for the sender of forged datagrams to decide. So there are two
 * chains: newcomers, whose client has sent one datagram, and regulars, whose client has sent another. A reply makes no
 * regular, since a forged question is answered, too. Newcomers drive out newcomers; regulars have up to four fifths of the
 * table, and the least recently used of more becomes a newcomer again.
 *
 * <p>A look-up hashes under a secret of the table, since whoever can choose addresses could otherwise choose ones that
 * all collide.
 *
 * @see "Karedla, Love and Wherry, Caching strategies to improve disk system performance, IEEE Computer 27(3), 1994: this is
 *     their segmented LRU"
 */
final class FlowTable<F extends Seat<F>> {
    private static final int FIRST_SLOTS = 64;

    private int max;
    private int maxRegulars;
    private int maxOfSource;
    private final HashSecret secret = HashSecret.random();
    private final Chain<F> newcomers = new Chain<>();
    private final Chain<F> regulars = new Chain<>();
    private final Sources<F> sources = new Sources<>();

    private @Nullable F[] slots = slots(FIRST_SLOTS);

    FlowTable(int max, int maxOfSource) {
        limit(max, maxOfSource);
    }

    /** Other limits from now on. Flows that are too many stay until newcomers take their places. */
    void limit(int max, int maxOfSource) {
        this.max = max;
        this.maxRegulars = max - (max + 4) / 5;
        this.maxOfSource = maxOfSource;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
    private static <F extends Seat<F>> @Nullable F[] slots(int count) {
        return (F[]) new Seat[count];
    }

    int size() {
        return newcomers.size() + regulars.size();
    }

    @Nullable
    F find(InetSocketAddress sender, DatagramHeader header) {
        long hash = hash(sender, header.words(), header.count());
        F flow = slots[slot(hash)];
        while (flow != null && !flow.isOf(sender, header.words(), header.count(), hash)) {
            flow = flow.next;
        }
        return flow;
    }

    /** The flow that must go before this client can have one; null if there is room. */
    @Nullable
    F inTheWayOf(InetSocketAddress client) {
        long source = sourceHash(client);
        if (sources.count(source) >= maxOfSource) {
            return sources.eldest(source);
        }
        return size() >= max ? leastWanted() : null;
    }

    /** The flow that can best be done without; null if there is none. */
    @Nullable
    F leastWanted() {
        return newcomers.size() > 0 ? newcomers.eldest() : regulars.eldest();
    }

    /** Adds a flow that is not there. */
    void add(F flow) {
        if (size() >= slots.length) {
            grow();
        }
        flow.hash = hash(flow.sender(), flow.named(), flow.named().length);
        put(flow);
        newcomers.append(flow);
        sources.append(sourceHash(flow.client()), flow);
    }

    /** The client has sent another datagram. */
    void usedByClient(F flow) {
        sources.used(flow);
        if (flow.isIn(regulars)) {
            flow.used();
            return;
        }
        regulars.append(flow);
        F eldest = regulars.eldest();
        if (regulars.size() > maxRegulars && eldest != null) {
            newcomers.append(eldest);
        }
    }

    /** The backend has sent a datagram. */
    void usedByBackend(F flow) {
        sources.used(flow);
        flow.used();
    }

    /** False if it is not there. */
    boolean remove(F flow) {
        int slot = slot(flow.hash);
        F before = null;
        for (F at = slots[slot]; at != null; before = at, at = at.next) {
            if (at == flow) {
                if (before == null) {
                    slots[slot] = at.next;
                } else {
                    before.next = at.next;
                }
                flow.leave();
                sources.leave(sourceHash(flow.client()), flow);
                return true;
            }
        }
        return false;
    }

    /** Ends flows, the least recently used first, for as long as they are over; to end one removes it. */
    void sweep(Predicate<F> isOver, Consumer<F> end) {
        sweep(newcomers, isOver, end);
        sweep(regulars, isOver, end);
    }

    private void sweep(Chain<F> chain, Predicate<F> isOver, Consumer<F> end) {
        F eldest = chain.eldest();
        while (eldest != null && isOver.test(eldest)) {
            end.accept(eldest);
            eldest = chain.eldest();
        }
    }

    private void grow() {
        @Nullable F[] before = slots;
        slots = slots(2 * before.length);
        for (F first : before) {
            F flow = first;
            while (flow != null) {
                F after = flow.next;
                put(flow);
                flow = after;
            }
        }
    }

    private void put(F flow) {
        int slot = slot(flow.hash);
        flow.next = slots[slot];
        slots[slot] = flow;
    }

    private int slot(long hash) {
        return (int) hash & (slots.length - 1);
    }

    private long hash(InetSocketAddress sender, int[] named, int count) {
        InetAddress address = sender.getAddress();
        long hash = mixed(Seat.source(address) ^ secret.k0(), Seat.host(address) ^ secret.k1());
        hash = mixed(hash ^ sender.getPort(), secret.k1());
        for (int i = 0; i < count; i++) {
            hash = mixed(hash ^ named[i], secret.k1());
        }
        return hash;
    }

    private long sourceHash(InetSocketAddress client) {
        return mixed(Seat.source(client.getAddress()) ^ secret.k0(), secret.k1());
    }

    /** Both halves of the product: each bit of it depends on bits of either factor, one of which is secret. */
    private static long mixed(long a, long b) {
        return a * b ^ Math.multiplyHigh(a, b);
    }
}
