package io.evenkeel.examples.discovery;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one list of all slices of a service.
 *
 * <table>
 *   <caption>What an endpoint becomes</caption>
 *   <tr><td>ready, or nothing is said of it</td><td>a member</td></tr>
 *   <tr><td>terminating and still serving</td><td>a member of weight 0: it gets no new picks, and what it has goes on.
 *   While nobody is ready it is an ordinary member, as with {@code kube-proxy}</td></tr>
 *   <tr><td>anything else</td><td>no member</td></tr>
 * </table>
 *
 * <p>The id is the name of the pod: an address that another pod gets later is another member. One pod may be in several
 * slices, while it moves from one to the other or because it has addresses of both families: then ready comes before
 * terminating, and IPv4 before IPv6. The zone is that of the endpoint; a node is a fault domain, so that a retry looks for
 * another one.
 */
final class Slices {
    private Slices() {}

    private record Entry(EndpointSlice slice, int port, Endpoint endpoint) {
        boolean isTerminating() {
            EndpointConditions conditions = endpoint.getConditions();
            return conditions != null && Boolean.TRUE.equals(conditions.getTerminating());
        }

        boolean isWanted() {
            EndpointConditions conditions = endpoint.getConditions();
            boolean isReady = conditions == null || !Boolean.FALSE.equals(conditions.getReady());
            return isTerminating() ? isServing(conditions, isReady) : isReady;
        }

        private static boolean isServing(@Nullable EndpointConditions conditions, boolean isReady) {
            Boolean serving = conditions == null ? null : conditions.getServing();
            return serving == null ? isReady : serving;
        }

        Backend backend(boolean isAnybodyReady) {
            String address = endpoint.getAddresses().get(0); // all of them are the same pod
            Backend backend = endpoint.getTargetRef() == null
                    ? Backend.of(address, port)
                    : Backend.of(endpoint.getTargetRef().getName(), address, port);
            return backend.withWeight(isTerminating() && isAnybodyReady ? 0 : backend.weight())
                    .withPlacement(placement())
                    .withLabels(endpoint.getNodeName() == null ? Map.of() : Map.of("node", endpoint.getNodeName()));
        }

        /** Domains are numbers, and only whether two are the same counts. */
        private Placement placement() {
            String node = endpoint.getNodeName();
            return new Placement(
                    endpoint.getZone() == null ? "" : endpoint.getZone(),
                    node == null ? -1 : node.hashCode() & Integer.MAX_VALUE,
                    -1);
        }
    }

    static List<Backend> backends(Collection<EndpointSlice> slices, String portName) {
        List<Entry> entries = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            for (EndpointPort port : slice.getPorts()) {
                if (portName.equals(port.getName() == null ? "" : port.getName()) && port.getPort() != null) {
                    slice.getEndpoints().forEach(endpoint -> entries.add(new Entry(slice, port.getPort(), endpoint)));
                }
            }
        }
        entries.sort(Comparator.comparing(Entry::isTerminating).thenComparing(e -> e.slice.getAddressType()));
        List<Entry> wanted = entries.stream().filter(Entry::isWanted).toList();
        boolean isAnybodyReady = wanted.stream().anyMatch(e -> !e.isTerminating());
        Map<String, Backend> backends = new LinkedHashMap<>();
        wanted.stream()
                .map(e -> e.backend(isAnybodyReady))
                .forEach(backend -> backends.putIfAbsent(backend.id(), backend));
        return List.copyOf(backends.values());
    }
}
