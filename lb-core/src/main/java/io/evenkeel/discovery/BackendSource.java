package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Knows which backends there are: a list, a file, DNS, or a registry of yours.
 *
 * <p>A source is asked when {@link Discovery} starts and again after each refresh, one question at a time. It answers with
 * complete lists, never with what has changed, either before it returns or later, and it may go on to deliver whenever it
 * learns something new. So one that polls is a lambda:
 *
 * <pre>{@code
 * BackendSource registry = observer -> observer.deliver(client.instances("orders"));
 * }</pre>
 *
 * <p>and one that is told of changes keeps its observer from the first question, and says at each further one what it
 * knows.
 *
 * <p>A source of your own is asked on a daemon thread that holds up nobody else. One that has not answered in time is
 * interrupted; until it returns it is not asked again. What it throws, and what it does not answer, leaves the pool as it
 * is.
 */
@FunctionalInterface
public interface BackendSource {

    /** Asks which backends there are. An exception is an answer, too: that it failed. */
    void ask(SourceObserver observer) throws Exception;

    /** What it is called in logs and events. */
    default String name() {
        return "source";
    }

    /**
     * Whether {@link #ask} may wait for anything or take long; true by default. One that may not is asked on the
     * scheduler's thread.
     */
    default boolean mayBlock() {
        return true;
    }

    /**
     * Whether its addresses are taken as they are; false by default. Those of all others are held against the
     * {@link AddressPolicy}.
     */
    default boolean isTrusted() {
        return false;
    }

    /** It is not asked more often than that, whatever else is said; zero by default. */
    default Duration leastPause() {
        return Duration.ZERO;
    }

    /** Frees what it holds. Called once, when {@link Discovery} is closed, on the thread that closes it. */
    default void close() {}

    /** Always the same backends, at least one, whose addresses are trusted. */
    static BackendSource of(Backend... backends) {
        return new FixedSource(List.of(backends));
    }

    /**
     * The backends in a file, which is looked at every second and read anew when it has changed. In each line there is
     * one of them, with what differs from the defaults; what follows a {@code #} is a remark, and names that mean nothing
     * else are labels:
     *
     * <pre>{@code
     * 10.0.0.1:8080
     * 10.0.0.2:8080 id=web2 weight=50 priority=1 zone=west faultDomain=0 updateDomain=1 role=canary
     * }</pre>
     *
     * <p>Or it is a JSON array of such: {@code [{"address": "10.0.0.1:8080", "weight": 50}]}.
     *
     * <p>A file with any mistake in it changes nothing, and the reason names the line. Put a new file in place of the old
     * one by renaming it: then nobody ever reads half of it. Host names need {@link AddressPolicy#withNames}.
     */
    static BackendSource file(Path path) {
        return new FileSource(path);
    }

    /** The backends behind a name of DNS: asked anew when the answer's time to live is over. */
    static BackendSource dns(DnsQuery query) {
        return new DnsSource(query);
    }

    /**
     * A few of the backends that {@code source} knows: for large fleets.
     *
     * <pre>{@code
     * .sources(BackendSource.subset(BackendSource.dns(orders), Subset.ofPeer(ordinal, replicas)))
     * }</pre>
     *
     * <p>What a {@link DiscoveryPolicy} says of addresses, filters and limits is about the few. The source is the
     * subset's from then on, and is closed with it.
     */
    static BackendSource subset(BackendSource source, Subset subset) {
        return subset(source, () -> subset);
    }

    /**
     * The same where the number of clients changes: {@code subset} is asked at each answer of the source, on whatever
     * thread that comes, and must not block. What it throws leaves the members as they are.
     */
    static BackendSource subset(BackendSource source, Supplier<Subset> subset) {
        return new SubsetSource(source, subset);
    }
}
