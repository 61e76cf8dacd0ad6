package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.awaitSelectable;
import static io.evenkeel.netty.Forwarders.connect;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What {@link LostPacketsTest} runs in a network of its own. */
final class LostPackets {
    /** So many flows at once that none of three backends is missed: 3 x (2/3)^90, 1 in 10^15. */
    private static final int CLIENTS = 90;

    private static final ProbeSchedule SCHEDULE =
            ProbeSchedule.defaults().withInterval(Duration.ofMillis(500)).withTimeout(Duration.ofMillis(500));

    private final Transport transport;
    private final FlowLog log = new FlowLog();
    private final TcpVm vm1 = TcpVm.naming("vm1", "127.0.0.11");
    private final TcpVm vm2 = TcpVm.naming("vm2", "127.0.0.12");
    private final TcpVm vm3 = TcpVm.naming("vm3", "127.0.0.13");

    enum Scenario {
        DROPPED,
        DROPPED_AND_PROBED,
        UNREACHABLE,
        FEW_PORTS,
        FEW_PORTS_FOR_UDP
    }

    private LostPackets(Transport transport) throws IOException {
        this.transport = transport;
    }

    public static void main(String[] args) throws Exception {
        OwnNetwork.begin();
        LostPackets packets = new LostPackets(Transport.valueOf(args[1]));
        switch (Scenario.valueOf(args[0])) {
            case DROPPED -> packets.dropped();
            case DROPPED_AND_PROBED -> packets.droppedAndProbed();
            case UNREACHABLE -> packets.unreachable();
            case FEW_PORTS -> packets.fewPorts();
            case FEW_PORTS_FOR_UDP -> packets.fewPortsForUdp();
        }
        System.exit(0);
    }

    private void dropped() throws Exception {
        BackendPool pool = BackendPool.of("web", vm1.backend(), vm2.backend(), vm3.backend());
        try (Forwarder forwarder = start(pool, Duration.ofSeconds(1))) {
            assertEquals(Set.of("vm1", "vm2", "vm3"), names(forwarder));

            OwnNetwork.drop("127.0.0.12");

            assertEquals(Set.of("vm1", "vm3"), names(forwarder));
            assertEquals(List.of(), log.refusals());
            assertTrue(load(pool, 1).failures() > 0);
        }
    }

    private void droppedAndProbed() throws Exception {
        try (LoadBalancer balancer = LoadBalancer.builder("web")
                        .backends(vm1.backend(), vm2.backend(), vm3.backend())
                        .probe(HealthProbe.tcp())
                        .schedule(SCHEDULE)
                        .build();
                Forwarder forwarder = start(balancer.pool(), Duration.ofHours(1))) { // who waits for it waits for ever
            awaitSelectable(3, balancer.pool());

            OwnNetwork.drop("127.0.0.12");
            awaitSelectable(2, balancer.pool());

            assertEquals(Set.of("vm1", "vm3"), names(forwarder));

            OwnNetwork.repair();
            awaitSelectable(3, balancer.pool());
            assertEquals(Set.of("vm1", "vm2", "vm3"), names(forwarder));
            assertEquals(List.of(), log.refusals());
        }
    }

    private void unreachable() throws Exception {
        BackendPool pool = BackendPool.of("web", vm1.backend(), vm2.backend());
        try (Forwarder forwarder = start(pool, Duration.ofHours(1))) { // a timeout would never come
            OwnNetwork.reject("127.0.0.12");

            assertEquals(Set.of("vm1"), names(forwarder));
            assertEquals(List.of(), log.refusals());
            assertTrue(load(pool, 1).failures() > 0);
        }
    }

    private void fewPorts() throws Exception {
        try (TcpVm echo1 = TcpVm.echo("echo1", "127.0.0.21");
                TcpVm echo2 = TcpVm.echo("echo2", "127.0.0.22")) {
            BackendPool pool = BackendPool.of("web", echo1.backend(), echo2.backend());
            try (Forwarder forwarder = start(pool, Duration.ofHours(1))) {
                OwnNetwork.localPorts(40_000, 40_099);

                List<Socket> served = served(forwarder, 300);

                assertEquals(200, served.size());
                assertEquals(
                        List.of(100L, 100L),
                        List.of(load(pool, 0).inFlight(), load(pool, 1).inFlight()));
                assertEquals(100, log.refusals().size());
                for (Socket client : served) {
                    TcpVm.reset(client);
                }
                Await.until(
                        "all flows have ended",
                        () -> load(pool, 0).inFlight() + load(pool, 1).inFlight() == 0);
                assertEquals(200, served(forwarder, 200).size());
                assertEquals(0, load(pool, 0).failures() + load(pool, 1).failures(), "it was nobody's fault");
            }
        }
    }

    private void fewPortsForUdp() throws Exception {
        try (UdpVm echo = UdpVm.echo("echo", "127.0.0.21")) {
            BackendPool pool = BackendPool.of("dns", echo.backend());
            try (Forwarder forwarder = Forwarders.builder(transport, LoadBalancingRule.of("dns", UDP, pool))
                    .listener(log)
                    .build()) {
                OwnNetwork.localPorts(40_000, 40_099);

                for (int i = 0; i < 150; i++) {
                    try (DatagramSocket client = new DatagramSocket(50_000, InetAddress.getByName(ip(i)))) {
                        client.send(new DatagramPacket(new byte[1], 1, forwarder.boundAddress("dns")));
                    }
                }
                Await.until("each is served or refused", () -> log.lines().size() == 150);

                assertEquals(100, load(pool, 0).inFlight());
                assertEquals(50, log.refusals().size());
                assertEquals(0, load(pool, 0).failures(), "it was not its fault");
            }
        }
    }

    private static String ip(int client) {
        return "127.0." + (1 + client / 250) + "." + (1 + client % 250);
    }

    /** Clients that have their first byte back; each is at an address and a port that the system would not choose. */
    private static List<Socket> served(Forwarder forwarder, int clients) throws IOException {
        List<Socket> served = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Socket client = new Socket();
            client.bind(new InetSocketAddress(ip(i), 50_000));
            client.setSoTimeout(20_000);
            try {
                client.connect(forwarder.boundAddress("http"), 20_000);
                client.getOutputStream().write(1);
                assertEquals(1, client.getInputStream().read());
                served.add(client);
            } catch (IOException e) {
                client.close();
            }
        }
        return served;
    }

    /** Who serves so many clients that come together; fails if one is not served. */
    private static Set<String> names(Forwarder forwarder) throws IOException {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(connect(forwarder, "http"));
        }
        Set<String> names = new TreeSet<>();
        for (Socket client : clients) {
            client.shutdownOutput();
            names.add(new String(client.getInputStream().readAllBytes(), US_ASCII));
            client.close();
        }
        return names;
    }

    private static LoadStats load(BackendPool pool, int member) {
        return pool.snapshot().members().get(member).load();
    }

    private Forwarder start(BackendPool pool, Duration connectTimeout) throws IOException {
        return Forwarders.builder(transport, LoadBalancingRule.of("http", TCP, pool))
                .connectTimeout(connectTimeout)
                .listener(log)
                .build();
    }
}
