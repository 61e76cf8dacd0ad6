package io.evenkeel.strategy;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.affinity.XxHash64;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An algorithm that chooses members. It is told each snapshot once and answers with a {@link Selector}, which may hold
 * whatever tables it likes; nothing is built during a pick.
 *
 * <p>Weights are honoured by all strategies here: a member of weight 200 gets twice the picks of one of weight 100. A
 * strategy may remember things from snapshot to snapshot, such as the position of round robin; so an instance belongs to
 * one balancer, or to two over the same pool while one takes over from the other. {@link #selectorFor} of those here is
 * called by one thread at a time; one that {@linkplain #mayBlock may block} by one of each balancer. A strategy of your own
 * may be a lambda.
 *
 * <p>A change of the pool returns when its balancers have bound their strategies to it. A strategy of your own has a
 * daemon thread for that, which is there only while it is asked, and half a second: if it has not answered by then, the
 * change returns, picks are random until it does, and {@code pool.faults()} counts it. An answer for a snapshot that is no
 * longer the newest is asked for anew.
 */
@FunctionalInterface
public interface SelectionStrategy {

    /** Binds the algorithm to a snapshot. Only {@link PoolSnapshot#selectable} may be chosen from. */
    Selector selectorFor(PoolSnapshot snapshot);

    /**
     * A meter for a member that is new to the strategy's balancer: what {@link Member#meter} returns in the snapshots that
     * follow, for as long as the member stays. None by default; then no pick reads a clock for the strategy's sake.
     */
    default @Nullable Meter meterFor(Member member) {
        return null;
    }

    /**
     * Whether {@link #selectorFor} may wait for anything or take long; true by default, and false for the strategies here.
     * One that may not is bound on the thread that changes the pool, which saves the change the way to another thread.
     */
    default boolean mayBlock() {
        return true;
    }

    /**
     * One after the other, from a random start, so that a thousand clients started together do not march in step. The
     * position is kept when the pool changes. With different weights the turns of a member are spread evenly: by a round
     * of smooth weighted round robin that is written out beforehand, or by a static stride where that round would take
     * over a million steps to find.
     *
     * @see "nginx, commit 52327e06, for smooth weighted round robin"
     * @see "gRPC proposal A58, client-side weighted round robin, for the static stride scheduler"
     */
    static SelectionStrategy roundRobin() {
        return roundRobin(ThreadRandom.INSTANCE);
    }

    /** Round robin whose start comes from {@code random}. */
    static SelectionStrategy roundRobin(RandomGenerator random) {
        return new RoundRobin(random.nextInt());
    }

    /** Any member, independently of all picks before. O(1), also with weights. */
    static SelectionStrategy random() {
        return random(ThreadRandom.INSTANCE);
    }

    /** Random by a generator of the caller's, which many threads may use at the same time. */
    static SelectionStrategy random(RandomGenerator random) {
        return new RandomChoice(random);
    }

    /**
     * Draws two different members at random and takes the one with less in flight. Under load the longest queue is then
     * shorter by an exponential step than with one choice, and nobody is swamped, as by choosing the least loaded of all.
     *
     * @see "Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, IEEE TPDS 12(10), 2001"
     */
    static SelectionStrategy leastLoaded() {
        return leastLoaded(2, LoadMetric.inFlight());
    }

    /**
     * Draws several members and takes the one with the least load for its weight.
     *
     * @param choices 2 to 10; each costs a reading of its load
     */
    static SelectionStrategy leastLoaded(int choices, LoadMetric metric) {
        return leastLoaded(choices, metric, ThreadRandom.INSTANCE);
    }

    /** The same by a generator of the caller's, which many threads may use at the same time. */
    static SelectionStrategy leastLoaded(int choices, LoadMetric metric, RandomGenerator random) {
        checkArgument(choices >= 2 && choices <= 10, "choices: %s (expected: 2 to 10)", choices);
        return new LeastLoaded(choices, metric, random);
    }

    /**
     * Draws seven members and takes the one where one more request costs least: the latency to expect to the power of 1.5,
     * times the queue. It needs nothing from servers and has nothing to tune: all limits are multiples of what is usual in
     * the pool.
     *
     * <ul>
     *   <li>The latency to expect is an average over 10 s that forgives slow members towards the median of all, and grows
     *       with the time for which the oldest open request has waited longer than usual.
     *   <li>No single answer counts for more than ten times the median, so that a pause is soon forgotten.
     *   <li>A pick that is cancelled without an answer counts if it has taken longer than that, since an answer would have
     *       taken longer still: so hedges do not hide slow members.
     *   <li>Failures never look fast: from the second in a row, a member counts as ten times slower than the median, and
     *       more with each one.
     *   <li>In pools of more than 16, each client looks at 8 members, and at more as soon as the best of them is busy: it
     *       knows few members better than many.
     * </ul>
     *
     * <p>Measures the latency of each pick: {@link io.evenkeel.pool.Pick#responded} matters.
     */
    static SelectionStrategy adaptive() {
        return adaptive(ThreadRandom.INSTANCE);
    }

    /** The same by a generator of the caller's, which many threads may use at the same time. */
    static SelectionStrategy adaptive(RandomGenerator random) {
        return new Adaptive(random);
    }

    /**
     * Sends a key to the same member as long as that member stays, and moves few keys when others come or go. The order
     * of the backends does not matter, only their ids and weights do.
     *
     * <p>Builds a table of 65,537 slots (655,373 in pools of over 600 backends), 4 bytes each, whenever ids or weights of
     * the selectable members change; a pick is one read of it. Keys are hashed with a secret that is random for each
     * process: give processes that must agree {@link MaglevOptions#withSecret one that they share}. Without a key in the
     * context, picks are random by weight.
     *
     * @see "Eisenbud et al., Maglev: A Fast and Reliable Software Network Load Balancer, NSDI 2016, section 3.4"
     */
    static SelectionStrategy maglev() {
        return maglev(MaglevOptions.defaults());
    }

    /** Maglev hashing with a secret, a table or a memory of the caller's choice. */
    static SelectionStrategy maglev(MaglevOptions options) {
        return new Maglev(options, ThreadRandom.INSTANCE);
    }

    /**
     * Ranks all members for each key, and takes the first in rank: exactly by weight, without a table, and when a member
     * goes, no key moves but its own. With exclusions, the next in rank is chosen. O(n) for each pick: for pools of up to
     * about 32 members. Keys are hashed with the process's secret, as by {@link #maglev()}.
     *
     * @see "Thaler and Ravishankar, Using name-based mappings to increase hit rates, IEEE/ACM ToN 6(1), 1998"
     */
    static SelectionStrategy rendezvous() {
        return rendezvous(KeyHash.OF_PROCESS);
    }

    /** The same with a secret that processes share which must send a key to the same member. */
    static SelectionStrategy rendezvous(HashSecret secret) {
        return new Rendezvous(secret, ThreadRandom.INSTANCE);
    }

    /**
     * Places keys on the ring of Envoy and gRPC, with their default sizes, 1,024 to 8,388,608 points: where ids are
     * {@code host:port}, as they are by default, equal hashes go to equal hosts there and here. For compatibility only:
     * shares are uneven by several percent, and a pick is a binary search.
     *
     * <p>A key is taken as the hash that it is, without a secret: hash it well beforehand, by {@link XxHash64#hash} with
     * seed 0 to agree with Envoy's or gRPC's, else by {@link HashSecret#hash}. Numbers such as 1, 2, 3 would all fall on
     * one point.
     *
     * @see "Karger et al., Consistent Hashing and Random Trees, STOC 1997; gRPC proposal A42 for this ring"
     */
    static SelectionStrategy ringHash() {
        return ringHash(1024, RingHash.LARGEST);
    }

    /**
     * The same with other sizes.
     *
     * @param minRingSize least number of points; more make shares more even: gRPC caps it at 4,096
     * @param maxRingSize what a ring of very different weights grows to at most; up to 8,388,608, 12 bytes each
     */
    static SelectionStrategy ringHash(int minRingSize, int maxRingSize) {
        return new RingHash(minRingSize, maxRingSize, ThreadRandom.INSTANCE);
    }

    /** A bound of 1.25 times the fair share. */
    static SelectionStrategy boundedLoad(SelectionStrategy strategy) {
        return boundedLoad(strategy, 1.25);
    }

    /**
     * Keeps members from being swamped by popular keys: a member that has its share of all picks in flight, times a
     * factor and rounded up, is passed over, and the pick goes to the next in the order of its key. Meant for strategies
     * with a key; others are asked again.
     *
     * <p>Costs a look at the member's load for each one that is tried: about three in a pool that is swamped. Shares are
     * by weight. The total in flight is counted on by a few members now and then, so a bound may be off by a pick or
     * two. Belongs to one balancer, as {@code strategy} does.
     *
     * @param factor more than 1, which would leave no choice, up to 100; 1.25 by default. Less is more even, more keeps
     *     more keys at home
     * @see "Mirrokni, Thorup and Zadimoghaddam, Consistent Hashing with Bounded Loads, arXiv:1608.01350, 2016"
     */
    static SelectionStrategy boundedLoad(SelectionStrategy strategy, double factor) {
        return new BoundedLoad(strategy, factor, ThreadRandom.INSTANCE);
    }

    /**
     * All picks to one member, for backends that should be asked by few: warm caches, or reading what was just written. It
     * is drawn at random by weight, so that many clients spread. When it is not selectable any more, or its latest pick has
     * failed, the next pick draws another one, and that one stays, also when the first is well again. A pick that excludes
     * the member goes elsewhere and moves nothing. Does not look at keys.
     */
    static SelectionStrategy pinned() {
        return pinned(ThreadRandom.INSTANCE);
    }

    /** The same by a generator of the caller's, which many threads may use at the same time. */
    static SelectionStrategy pinned(RandomGenerator random) {
        return new Pinned(random);
    }

    /**
     * Asks some backends with each pick how busy they are, and lets the next picks go by their answers: among those that
     * have few requests in flight to the one with the lowest latency; if all have many, to the one with the fewest. It sees
     * what other clients do. Members that fail, or do not answer probes, get next to nothing while there are others.
     *
     * <p>Do not use it by habit: it sends 3 probes for each request, and {@link #adaptive} does nearly as well without any.
     * It is worth it where requests are dear and probes cheap, and where a client sends so little to each backend that it
     * learns nothing from its own requests. Below ten members {@link #leastLoaded} does as well.
     *
     * <p>Sends probes on the threads that pick, at most 256 at a time, and has no thread or timer: between picks nothing is
     * asked, so that the first pick after a pause goes by what was known before it. The binding needs the balancer's
     * meters: without them picks are random by weight.
     *
     * @see "Wydrowski et al., Load is not what you should balance: Introducing Prequal, NSDI 2024"
     */
    static SelectionStrategy prequal(LoadProbe probe) {
        return prequal(probe, PrequalSettings.defaults());
    }

    /** The same with other settings. */
    static SelectionStrategy prequal(LoadProbe probe, PrequalSettings settings) {
        return prequal(probe, settings, ThreadRandom.INSTANCE);
    }

    /** The same by a generator of the caller's, which many threads may use at the same time. */
    static SelectionStrategy prequal(LoadProbe probe, PrequalSettings settings, RandomGenerator random) {
        return new Prequal(probe, settings, random);
    }
}
