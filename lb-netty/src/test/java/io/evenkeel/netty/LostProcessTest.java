package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
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
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Three backends that are processes, one of which is lost, and comes back. */
@Tag("netty")
class LostProcessTest {
    private static final ProbeSchedule SCHEDULE =
            ProbeSchedule.defaults().withInterval(Duration.ofMillis(500)).withTimeout(Duration.ofMillis(500));

    private final FlowLog log = new FlowLog();

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. F1: of three backends one is killed with -9, and no new connection fails; the restarted one serves")
    void oneOfThreeIsKilled(Transport transport) throws Exception {
        try (HttpProcess vm1 = new HttpProcess("vm1", "127.0.0.11", 0);
                HttpProcess vm2 = new HttpProcess("vm2", "127.0.0.12", 0);
                HttpProcess vm3 = new HttpProcess("vm3", "127.0.0.13", 0)) {
            BackendPool pool = BackendPool.of("web", vm1.backend(), vm2.backend(), vm3.backend());
            try (Forwarder forwarder = start(transport, pool)) { // without probes: each connection finds out for itself
                // That 100 flows all miss one of three: 3 x (2/3)^100, 1 in 10^17.
                assertEquals(Set.of("vm1", "vm2", "vm3"), names(forwarder, 100));

                vm2.kill();

                assertEquals(Set.of("vm1", "vm3"), names(forwarder, 100));
                try (HttpProcess again = new HttpProcess("vm2", "127.0.0.12", vm2.port())) {
                    assertEquals(Set.of("vm1", again.backend().id(), "vm3"), names(forwarder, 100));
                }
                assertEquals(List.of(), log.refusals());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. F2: one hangs, and once an HTTP probe has seen it no new connection fails; what hung goes on with it")
    void oneOfThreeHangs(Transport transport) throws Exception {
        try (HttpProcess vm1 = new HttpProcess("vm1", "127.0.0.11", 0);
                HttpProcess vm2 = new HttpProcess("vm2", "127.0.0.12", 0);
                HttpProcess vm3 = new HttpProcess("vm3", "127.0.0.13", 0);
                LoadBalancer balancer = LoadBalancer.builder("web")
                        .backends(vm1.backend(), vm2.backend(), vm3.backend())
                        .probe(HealthProbe.http("/"))
                        .schedule(SCHEDULE)
                        .build();
                Forwarder forwarder = start(transport, balancer.pool())) {
            awaitSelectable(3, balancer.pool());

            vm2.signal("STOP");
            List<Socket> asked = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                asked.add(ask(forwarder));
            }
            awaitSelectable(2, balancer.pool());

            assertEquals(Set.of("vm1", "vm3"), names(forwarder, 100));

            vm2.signal("CONT");
            for (Socket socket : asked) {
                assertTrue(name(socket).startsWith("vm"));
            }
            awaitSelectable(3, balancer.pool());
            assertEquals(Set.of("vm1", "vm2", "vm3"), names(forwarder, 100));
            assertEquals(List.of(), log.refusals());
        }
    }

    private static Set<String> names(Forwarder forwarder, int connections) throws IOException {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < connections; i++) {
            names.add(name(ask(forwarder)));
        }
        return names;
    }

    private static Socket ask(Forwarder forwarder) throws IOException {
        Socket client = connect(forwarder, "http");
        client.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
        return client;
    }

    private static String name(Socket asked) throws IOException {
        try (asked) {
            String answer = new String(asked.getInputStream().readAllBytes(), US_ASCII);
            return answer.substring(answer.lastIndexOf('\n') + 1);
        }
    }

    private Forwarder start(Transport transport, BackendPool pool) throws IOException {
        return Forwarders.builder(transport, LoadBalancingRule.of("http", TCP, pool))
                .listener(log)
                .build();
    }
}
