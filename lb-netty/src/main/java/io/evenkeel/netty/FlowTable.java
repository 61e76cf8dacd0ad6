package io.evenkeel.netty;

import io.evenkeel.affinity.HashSecret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Flows by client, at most so many, and at most so many of one source. Not locked: it belongs to one event loop.
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
final class FlowTable<F> {
    private static final int FIRST_SLOTS = 64;

    private int max;
    private int maxRegulars;
    private int maxOfSource;
    private final HashSecret secret = HashSecret.random();
    private final Chain<Seat<F>> newcomers = new Chain<>();
    private final Chain<Seat<F>> regulars = new Chain<>();
    private final Sources<F> sources = new Sources<>();

    private @Nullable Seat<F>[] slots = slots(FIRST_SLOTS);

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
    private static <F> @Nullable Seat<F>[] slots(int count) {
        return new Seat[count];
    }

    int size() {
        return newcomers.size() + regulars.size();
    }

    @Nullable
    Seat<F> find(InetSocketAddress client) {
        long hash = hash(client);
        Seat<F> seat = slots[slot(hash)];
        while (seat != null && !seat.isOf(client, hash)) {
            seat = seat.next;
        }
        return seat;
    }

    /** The flow that must go before this client can have one; null if there is room. */
    @Nullable
    F inTheWayOf(InetSocketAddress client) {
        Sources.Kin<F> kin = sources.find(sourceHash(client));
        if (kin != null && kin.chain.size() >= maxOfSource) {
            return flowOf(kin.chain.eldest());
        }
        return size() >= max ? leastWanted() : null;
    }

    /** The flow that can best be done without; null if there is none. */
    @Nullable
    F leastWanted() {
        return flowOf(newcomers.size() > 0 ? newcomers.eldest() : regulars.eldest());
    }

    private @Nullable F flowOf(@Nullable Seat<F> seat) {
        return seat == null ? null : seat.flow();
    }

    /** Adds the flow of a client that has none. */
    Seat<F> add(InetSocketAddress client, F flow) {
        if (size() >= slots.length) {
            grow();
        }
        Seat<F> seat = new Seat<>(client, flow, hash(client));
        put(seat);
        newcomers.append(seat.age);
        sources.append(sourceHash(client), seat.kin);
        return seat;
    }

    /** The client has sent another datagram. */
    void usedByClient(Seat<F> seat) {
        seat.kin.used();
        if (seat.age.isIn(regulars)) {
            seat.age.used();
            return;
        }
        regulars.append(seat.age);
        Seat<F> eldest = regulars.eldest();
        if (regulars.size() > maxRegulars && eldest != null) {
            newcomers.append(eldest.age);
        }
    }

    /** The backend has sent a datagram. */
    void usedByBackend(Seat<F> seat) {
        seat.kin.used();
        seat.age.used();
    }

    void remove(Seat<F> seat) {
        int slot = slot(seat.hash);
        Seat<F> before = null;
        for (Seat<F> at = slots[slot]; at != null; before = at, at = at.next) {
            if (at == seat) {
                if (before == null) {
                    slots[slot] = at.next;
                } else {
                    before.next = at.next;
                }
                leave(seat);
                return;
            }
        }
    }

    private void leave(Seat<F> seat) {
        seat.age.leave();
        sources.leave(sourceHash(seat.client()), seat.kin);
    }

    /** Ends flows, the least recently used first, for as long as they are over; to end one removes it. */
    void sweep(Predicate<F> isOver, Consumer<F> end) {
        sweep(newcomers, isOver, end);
        sweep(regulars, isOver, end);
    }

    private void sweep(Chain<Seat<F>> chain, Predicate<F> isOver, Consumer<F> end) {
        F eldest = flowOf(chain.eldest());
        while (eldest != null && isOver.test(eldest)) {
            end.accept(eldest);
            eldest = flowOf(chain.eldest());
        }
    }

    private void grow() {
        @Nullable Seat<F>[] before = slots;
        slots = slots(2 * before.length);
        for (Seat<F> first : before) {
            Seat<F> seat = first;
            while (seat != null) {
                Seat<F> after = seat.next;
                put(seat);
                seat = after;
            }
        }
    }

    private void put(Seat<F> seat) {
        int slot = slot(seat.hash);
        seat.next = slots[slot];
        slots[slot] = seat;
    }

    private int slot(long hash) {
        return (int) hash & (slots.length - 1);
    }

    private long hash(InetSocketAddress client) {
        InetAddress address = client.getAddress();
        long hash = mixed(Seat.source(address) ^ secret.k0(), Seat.host(address) ^ secret.k1());
        return mixed(hash ^ client.getPort(), secret.k1());
    }

    private long sourceHash(InetSocketAddress client) {
        return mixed(Seat.source(client.getAddress()) ^ secret.k0(), secret.k1());
    }

    /** Both halves of the product: each bit of it depends on bits of either factor, one of which is secret. */
    private static long mixed(long a, long b) {
        return a * b ^ Math.multiplyHigh(a, b);
    }
}
