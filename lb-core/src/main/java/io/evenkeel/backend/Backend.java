package io.evenkeel.backend;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A place that answers: what Azure calls the address of a virtual machine in a back-end pool. Immutable.
 *
 * <p>The {@code id} is its identity: a pool keeps health, load and history of a backend as long as a backend of the same
 * id and address stays in it. Nothing needs to listen at the address yet when a backend is declared.
 *
 * @param id name that is unique in its pool, 1 to 256 characters without control characters or line breaks; {@code host:port} by
 *     default
 * @param address where it answers; an unresolved address is looked up again at every new connection
 * @param weight share of the traffic in proportion to the weights of the others, 0 to 65,535; 0 gets no new picks; 100
 *     by default
 * @param priority 0 (the default) is asked first; backends of a higher number take over what those of lower numbers cannot
 *     carry: nothing while 72 % of these are well, everything when none is
 * @param placement which zone and which fault and update domain it is in; {@link Placement#NONE} by default
 * @param labels free text for listings and metrics; empty by default
 */
public record Backend(
        String id,
        InetSocketAddress address,
        int weight,
        int priority,
        Placement placement,
        Map<String, String> labels) {

    /** Leaves room below and above, so that one backend can be given half or double without touching the others. */
    private static final int DEFAULT_WEIGHT = 100;

    private static final int MAX_WEIGHT = 65_535;
    private static final int MAX_ID_LENGTH = 256;

    /** Not a check of names, which DNS is the one to judge: it keeps out URLs, and hosts that bring a port along. */
    private static final Pattern HOST_NAME = Pattern.compile("[^\\s\\p{Cntrl}:/@?#\\[\\]]+");

    /** Checks every component; see the record's parameters for the ranges. */
    public Backend {
        // Ids reach log lines: a line break in one would forge a second line.
        checkArgument(
                !id.isBlank() && id.length() <= MAX_ID_LENGTH && id.chars().noneMatch(Backend::breaksLines),
                "id: \"%s\" (expected: 1 to 256 characters, no control characters)",
                printable(id));
        checkArgument(address.getPort() > 0, "port: %s (expected: 1 to 65535)", address.getPort());
        checkArgument(weight >= 0 && weight <= MAX_WEIGHT, "weight: %s (expected: 0 to 65535)", weight);
        checkArgument(priority >= 0, "priority: %s (expected: >= 0)", priority);
        requireNonNull(placement, "placement");
        labels = Map.copyOf(labels);
    }

    /**
     * A backend of default weight whose id is {@code host:port}.
     *
     * @param host an IP address, used as it is, or a host name, looked up when a connection is made; no URL, and no port
     */
    public static Backend of(String host, int port) {
        return of(host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port, host, port);
    }

    /** A backend of default weight with a name of its own. */
    public static Backend of(String id, String host, int port) {
        boolean isIp = InetAddresses.isInetAddress(host);
        checkArgument(
                isIp || HOST_NAME.matcher(host).matches(),
                "host: \"%s\" (expected: an IP address or a host name)",
                printable(host));
        checkArgument(port > 0 && port <= 65_535, "port: %s (expected: 1 to 65535)", port);
        InetSocketAddress address = isIp
                ? new InetSocketAddress(InetAddresses.forString(host), port)
                : InetSocketAddress.createUnresolved(host, port);
        return new Backend(id, address, DEFAULT_WEIGHT, 0, Placement.NONE, Map.of());
    }

    /** The same with another weight. */
    public Backend withWeight(int weight) {
        return new Backend(id, address, weight, priority, placement, labels);
    }

    /** The same with another priority. */
    public Backend withPriority(int priority) {
        return new Backend(id, address, weight, priority, placement, labels);
    }

    /** The same in another place. */
    public Backend withPlacement(Placement placement) {
        return new Backend(id, address, weight, priority, placement, labels);
    }

    /** The same with other labels. */
    public Backend withLabels(Map<String, String> labels) {
        return new Backend(id, address, weight, priority, placement, labels);
    }

    /** The id. */
    @Override
    public String toString() {
        return id;
    }

    /** Control characters, and the separators of lines and paragraphs that Unicode has besides. */
    private static boolean breaksLines(int c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    private static String printable(String id) {
        String line = id.codePoints()
                .map(c -> breaksLines(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return line.length() > MAX_ID_LENGTH ? line.substring(0, MAX_ID_LENGTH) + "…" : line;
    }
}
