package io.evenkeel.examples.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Await;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The API server is fabric8's, which keeps what it is given and serves watches. */
@Tag("membership")
class KubernetesSourceTest {
    private static final String NAMESPACE = "shop";

    private KubernetesMockServer server;
    private KubernetesClient client;
    private Traffic traffic;
    private int port;

    @BeforeEach
    void start() throws Exception {
        port = Server.freePort();
        startServer();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + port)
                        .withWatchReconnectLimit(0)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        traffic = new Traffic();
    }

    private void startServer() {
        server = new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
        server.init(InetAddress.getLoopbackAddress(), port);
    }

    @AfterEach
    void close() throws Exception {
        traffic.close();
        client.close();
        server.destroy();
    }

    private void put(EndpointSlice slice) {
        client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(NAMESPACE)
                .resource(slice)
                .createOr(r -> r.update());
    }

    private EndpointSlice slice(String name, int vm, Endpoint... endpoints) {
        return slice("orders", name, vm, endpoints);
    }

    /** All pods of one slice have the same port, here that of one of the servers. */
    private EndpointSlice slice(String service, String name, int vm, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("http")
                .withPort(traffic.port(vm))
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    private static EndpointBuilder pod(String name) {
        return new EndpointBuilder()
                .withAddresses("127.0.0.1")
                .withNewTargetRef()
                .withKind("Pod")
                .withName(name)
                .endTargetRef();
    }

    private static Endpoint pod(String name, boolean ready, boolean serving, boolean terminating) {
        return pod(name)
                .withNewConditions()
                .withReady(ready)
                .withServing(serving)
                .withTerminating(terminating)
                .endConditions()
                .build();
    }

    private static Endpoint ready(String name) {
        return pod(name, true, true, false);
    }

    private void follow() {
        traffic.follow(new KubernetesSource(client, NAMESPACE, "orders", "http"));
    }

    @Test
    @DisplayName("2. members come from all EndpointSlices of a service, and follow them")
    void membersFollowAllSlices() throws Exception {
        put(slice("orders-1", 0, ready("a"), ready("b")));
        put(slice("orders-2", 1, ready("c")));
        put(slice("bills", "bills-1", 2, ready("x")));
        follow();
        traffic.awaitMembers("a", "b", "c");
        traffic.begin();

        put(slice("orders-2", 1, ready("c"), ready("d")));
        traffic.awaitMembers("a", "b", "c", "d");
        put(slice("orders-1", 0, ready("a")));
        traffic.awaitMembers("a", "c", "d");
        put(slice("orders-1", 0, pod("a", false, true, true)));
        Await.until("it is drained", () -> traffic.backend("a").weight() == 0);
        client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(NAMESPACE)
                .withName("orders-1")
                .delete();
        traffic.awaitMembers("c", "d");

        traffic.assertGoesOn();
    }

    @Test
    @DisplayName("2. no call fails while the API server is gone, and after its return members are what it says")
    void noCallFailsWhileTheApiServerIsGone() throws Exception {
        put(slice("orders-1", 0, ready("a")));
        put(slice("orders-2", 1, ready("b")));
        follow();
        traffic.awaitMembers("a", "b");
        traffic.begin();

        server.destroy();
        traffic.awaitFailure();
        traffic.assertGoesOn();
        assertEquals(Set.of("a", "b"), traffic.ids());
        startServer(); // which has forgotten everything
        long back = System.nanoTime();
        put(slice("orders-2", 1, ready("b"), ready("c")));

        traffic.awaitMembers("b", "c");
        System.out.println("Kubernetes reconciled after " + Duration.ofNanos(System.nanoTime() - back));
        traffic.assertGoesOn();
    }

    @Test
    @DisplayName("2. endpoints are members when they are ready, drained while they end, else left out")
    void conditionsSayWhatAnEndpointBecomes() {
        EndpointSlice slice = slice(
                "orders-1",
                0,
                ready("ready"),
                pod("unknown").build(),
                pod("not-ready", false, false, false),
                pod("ending", false, true, true),
                pod("ending-anyway", true, true, true), // as the API has it for services that publish who is not ready
                pod("ended", false, false, true));

        Map<String, Integer> weights = new HashMap<>();
        Slices.backends(List.of(slice), "http").forEach(backend -> weights.put(backend.id(), backend.weight()));

        assertEquals(Map.of("ready", 100, "unknown", 100, "ending", 0, "ending-anyway", 0), weights);
    }

    @Test
    @DisplayName("2. endpoints that end serve on while nobody is ready")
    void whoEndsServesOnWhileNobodyIsReady() {
        EndpointSlice slice =
                slice("orders-1", 0, pod("ending", false, true, true), pod("starting", false, false, false));

        List<Backend> backends = Slices.backends(List.of(slice), "http");

        assertEquals(List.of("ending"), backends.stream().map(Backend::id).toList());
        assertEquals(100, backends.get(0).weight());
    }

    @Test
    @DisplayName("2. an endpoint has the port of that name, its zone, and its node for a fault domain")
    void anEndpointHasPortZoneAndNode() {
        EndpointSlice slice = slice(
                "orders-1",
                0,
                pod("a").withZone("west").withNodeName("n1").build(),
                pod("b").withZone("east").withNodeName("n2").build(),
                pod("c").withNodeName("n1").build());
        slice.getPorts().addAll(slice("orders-2", 1).getPorts());
        slice.getPorts().get(1).setName("metrics");

        List<Backend> backends = Slices.backends(List.of(slice), "http");

        assertEquals(
                List.of("west", "east", ""),
                backends.stream().map(b -> b.placement().zone()).toList());
        assertEquals(
                backends.get(0).placement().faultDomain(),
                backends.get(2).placement().faultDomain());
        assertEquals(
                2,
                backends.stream()
                        .map(b -> b.placement().faultDomain())
                        .distinct()
                        .count());
        backends.forEach(
                backend -> assertEquals(traffic.port(0), backend.address().getPort()));
        assertEquals(List.of(), Slices.backends(List.of(slice), "grpc"));
    }

    @Test
    @DisplayName("2. a pod that is in two slices is one member: ready before ending, and IPv4 before IPv6")
    void aPodInTwoSlicesIsOneMember() {
        EndpointSlice before = slice("orders-1", 0, pod("a", false, true, true), ready("b"));
        EndpointSlice after = slice("orders-2", 1, ready("a"));
        EndpointSlice six = slice("orders-3", 2, pod("b").withAddresses("::1").build());
        six.setAddressType("IPv6");

        List<Backend> backends = Slices.backends(List.of(six, before, after), "http");

        Map<String, Integer> ports = new HashMap<>();
        backends.forEach(backend -> ports.put(backend.id(), backend.address().getPort()));
        assertEquals(2, backends.size());
        assertEquals(Map.of("a", traffic.port(1), "b", traffic.port(0)), ports);
        backends.forEach(backend -> assertEquals(100, backend.weight()));
    }
}
