package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Ascii;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.strategy.SelectionStrategy;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which pool serves a TLS connection, by the server's name that the client asks for. Immutable.
 *
 * <p>The name stands readable in the first message of the client, the ClientHello. That message is read before a backend is
 * chosen, and goes to the backend with all the rest, byte for byte: nothing is decrypted, and certificates stay where they
 * are. With Encrypted Client Hello the name is the outer one, that of the service that hides the others. A client may give
 * any name, whatever it asks for afterwards, so a name is no proof that it may have what is behind it.
 *
 * <p>A name is a host name such as {@code shop.example.org}, or {@code *.example.org} for all names with exactly one label
 * more; of the two the whole name goes first. Upper and lower case are the same. International names are given as they go
 * over the network, as in {@code xn--bcher-kva.example}.
 *
 * <p>A ClientHello that is malformed, gives two names, or takes more than 16 KiB is answered with an alert, and one that
 * takes too long with a reset.
 *
 * @param pools by name, at least one. Several names may share a pool, also with the rule
 * @param onlyKnown whether a client that gives none of these names, or no name at all, is turned away, with the alert
 *     {@code unrecognized_name} or {@code missing_extension}; by default the pool of the rule serves it
 * @param onlyTls whether a client that does not speak TLS is reset, as it is by default; otherwise the pool of the rule
 *     serves it, once it has sent something
 * @param helloTimeout how long a ClientHello may take; 10 s by default, at most 1 h. It counts as a flow meanwhile
 * @param strategies makes the strategy for each of these pools, one each, since some remember whose turn it is; empty, the
 *     default, for Maglev hashing with the hash secret of the forwarder. The pool of the rule has the strategy of the rule
 * @see "Eastlake: TLS Extensions, RFC 6066 (2011), section 3"
 * @see "Rescorla: TLS 1.3, RFC 8446 (2018), sections 4.1.2 and 9.2"
 * @see "Saint-Andre, Salz: Service Identity in TLS, RFC 9525 (2023), section 6.3"
 */
public record ServerNames(
        Map<String, BackendPool> pools,
        boolean onlyKnown,
        boolean onlyTls,
        Duration helloTimeout,
        Optional<Supplier<SelectionStrategy>> strategies) {
    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";

    /** The last label is not a number: that would be an address, and addresses are no names (RFC 6066, section 3). */
    private static final Pattern NAME =
            Pattern.compile("(?!(?:.*\\.)?[0-9]+$)(?:\\*\\.)?" + LABEL + "(?:\\." + LABEL + ")*");

    private static final int MAX_NAME = 253;
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    /** Checks names and time, and copies the pools. */
    public ServerNames {
        checkArgument(!pools.isEmpty(), "serverNames: none (expected: at least one)");
        Map<String, BackendPool> copy = new LinkedHashMap<>();
        pools.forEach((name, pool) -> {
            String lower = Ascii.toLowerCase(name);
            checkArgument(
                    name.length() <= MAX_NAME && NAME.matcher(lower).matches(),
                    "serverName: \"%s\" (expected: a host name such as shop.example.org, or *.example.org)",
                    name.replaceAll("\\p{Cntrl}", "?"));
            checkArgument(
                    copy.putIfAbsent(lower, pool) == null,
                    "serverName: \"%s\" (expected: one that differs from the others by more than case)",
                    name);
        });
        pools = Collections.unmodifiableMap(copy);
        checkArgument(
                helloTimeout.compareTo(MIN_TIMEOUT) >= 0 && helloTimeout.compareTo(MAX_TIMEOUT) <= 0,
                "helloTimeout: %s (expected: 1 ms to 1 h)",
                helloTimeout);
    }

    /** These names, and the defaults for everything else. */
    public static ServerNames of(Map<String, BackendPool> pools) {
        return new ServerNames(pools, false, true, Duration.ofSeconds(10), Optional.empty());
    }

    /** The pool of a name in upper or lower case; empty if none of these names is meant. */
    public Optional<BackendPool> pool(String name) {
        String lower = Ascii.toLowerCase(name);
        @Nullable BackendPool whole = pools.get(lower);
        int dot = lower.indexOf('.');
        return Optional.ofNullable(whole != null || dot <= 0 ? whole : pools.get("*" + lower.substring(dot)));
    }

    /** The same, serving clients that give none of these names or turning them away. */
    public ServerNames withOnlyKnown(boolean onlyKnown) {
        return new ServerNames(pools, onlyKnown, onlyTls, helloTimeout, strategies);
    }

    /** The same, serving clients that do not speak TLS or resetting them. */
    public ServerNames withOnlyTls(boolean onlyTls) {
        return new ServerNames(pools, onlyKnown, onlyTls, helloTimeout, strategies);
    }

    /** The same with another time for a ClientHello. Below 3 s, one lost packet may cost a connection. */
    public ServerNames withHelloTimeout(Duration helloTimeout) {
        return new ServerNames(pools, onlyKnown, onlyTls, helloTimeout, strategies);
    }

    /** The same with another strategy for each of these pools, as in {@code withStrategies(SelectionStrategy::roundRobin)}. */
    public ServerNames withStrategies(Supplier<SelectionStrategy> strategies) {
        return new ServerNames(pools, onlyKnown, onlyTls, helloTimeout, Optional.of(strategies));
    }
}
