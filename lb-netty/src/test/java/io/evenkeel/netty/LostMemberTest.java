package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.TcpOptions;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What becomes of open connections when their member is lost. */
@Tag("health")
class LostMemberTest {
    private final FlowLog log = new FlowLog();

    private Forwarder start(Transport transport, BackendPool pool, TcpOptions tcp) throws IOException {
        LoadBalancingRule rule = LoadBalancingRule.of("web", TCP, pool).withTcp(tcp);
        return Forwarders.builder(transport, rule).listener(log).build();
    }

    private static TcpOptions resetAfter(Duration grace) {
        return TcpOptions.defaults().withLostMemberGrace(grace);
    }

    private static void assertEcho(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        assertEquals(value, client.getInputStream().read());
    }

    @ParameterizedTest
    @TransportsHere
    void connectionsGoOnByDefault(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("web", vm.backend());
            try (Forwarder forwarder = start(transport, pool, TcpOptions.defaults());
                    Socket client = connect(forwarder, "web")) {
                assertEcho(client, 1);

                pool.markDown("vm", "refused");
                assertEcho(client, 2);
                pool.remove("vm");
                assertEcho(client, 3);
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void theyAreResetIfTheRuleSaysSo(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("web", vm.backend());
            try (Forwarder forwarder = start(transport, pool, resetAfter(Duration.ZERO));
                    Socket client = connect(forwarder, "web")) {
                assertEcho(client, 1);

                pool.markDown("vm", "refused");

                assertThrows(
                        SocketException.class, () -> client.getInputStream().read());
                vm.awaitNoConnections();
                Await.until(
                        "nothing is in flight",
                        () -> pool.snapshot().members().get(0).load().inFlight() == 0);
                assertEquals(0, pool.snapshot().members().get(0).load().failures());
            }
        }
    }

    @Test
    void aMemberThatComesBackWithinTheGraceKeepsItsConnections() throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("web", vm.backend());
            try (Forwarder forwarder = start(Transport.AUTO, pool, resetAfter(Duration.ofHours(1)));
                    Socket client = connect(forwarder, "web")) {
                assertEcho(client, 1);

                pool.markDown("vm", "refused");
                assertEcho(client, 2);
                pool.markUp("vm", "status 200");

                assertEcho(client, 3);
            }
        }
    }

    @Test
    void aNatRuleResetsConnectionsOfABackendThatLeavesButNotOfOneThatIsDown() throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("vms", vm.backend());
            InboundNatRule rule = InboundNatRule.of("nat", TCP, pool, "vm", 0).withTcp(resetAfter(Duration.ZERO));
            try (Forwarder forwarder = Forwarders.builder(Transport.AUTO, rule)
                            .listener(log)
                            .build();
                    Socket client = connect(forwarder, "nat")) {
                assertEcho(client, 1);
                pool.markDown("vm", "refused");
                assertEcho(client, 2);

                pool.remove("vm");

                assertThrows(
                        SocketException.class, () -> client.getInputStream().read());
                log.awaitLine("nat closed vm 2 2 MEMBER_LOST");
            }
        }
    }

    @Test
    void aNegativeGraceIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> resetAfter(Duration.ofSeconds(-1)));

        assertEquals("lostMemberGrace: PT-1S (expected: >= 0 and <= 365 days)", refused.getMessage());
    }

    @ParameterizedTest
    @TransportsHere
    @Tag("netty")
    @DisplayName("2. F17: with all members down new connections are reset and open ones go on; one back is enough")
    void allDownThenOneBack(Transport transport) throws IOException {
        try (TcpVm one = TcpVm.echo("one", "127.0.0.11");
                TcpVm two = TcpVm.echo("two", "127.0.0.12")) {
            BackendPool pool = BackendPool.of("web", one.backend(), two.backend());
            try (Forwarder forwarder = start(transport, pool, TcpOptions.defaults());
                    Socket open = connect(forwarder, "web")) {
                assertEcho(open, 1);

                pool.markDown("one", "refused");
                pool.markDown("two", "refused");

                assertThrows(SocketException.class, () -> {
                    try (Socket late = connect(forwarder, "web")) {
                        assertEcho(late, 2);
                    }
                });
                assertEcho(open, 3);

                pool.markUp("two", "status 200");
                try (Socket late = connect(forwarder, "web")) {
                    assertEcho(late, 4);
                }
            }
        }
    }
}
