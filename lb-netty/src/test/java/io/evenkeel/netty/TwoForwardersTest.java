package io.evenkeel.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.DnsQuery;
import io.evenkeel.discovery.SourceObserver;
import io.evenkeel.testing.Dnsmasq;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two forwarders that are processes behind one name of a real DNS server, and clients that try all its addresses. */
@Tag("membership")
class TwoForwardersTest {
    private static final List<String> FRONTS = List.of("127.0.4.1", "127.0.4.2"); // where no other test takes ports
    private static final int CLIENTS = 200;

    @TempDir
    private Path folder;

    private final List<TcpVm> tcp = new ArrayList<>();
    private final List<UdpVm> udp = new ArrayList<>();
    private final List<ForwarderProcess> forwarders = new ArrayList<>();
    private Dnsmasq dnsmasq;
    private BackendSource name;

    /** One answer, through which front end, and from whom. */
    private record Answer(String front, String vm) {}

    /** What a client does at one address of the name. */
    private interface Call {
        String nameAt(InetSocketAddress front, String client) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        for (int i = 0; i < 4; i++) {
            tcp.add(TcpVm.naming("vm" + i, "127.0.0." + (11 + i)));
            udp.add(UdpVm.naming("vm" + i, "127.0.0." + (11 + i)));
        }
        List<Backend> web = new ArrayList<>(tcp.stream().map(TcpVm::backend).toList());
        List<Backend> dns = new ArrayList<>(udp.stream().map(UdpVm::backend).toList());
        forwarders.add(ForwarderProcess.start(FRONTS.get(0), 0, web, dns));
        int port = forwarders.get(0).port();
        Collections.reverse(web); // they need not hear of members in one order
        Collections.rotate(dns, 1);
        forwarders.add(ForwarderProcess.start(FRONTS.get(1), port, web, dns));
        dnsmasq = Dnsmasq.start(folder, FRONTS.get(0) + " lb.example\n" + FRONTS.get(1) + " lb.example\n");
        name = BackendSource.dns(DnsQuery.addresses("lb.example", port).withServers(List.of(dnsmasq.address())));
    }

    @AfterEach
    void close() throws Exception {
        if (dnsmasq != null) {
            dnsmasq.close();
        }
        for (ForwarderProcess forwarder : forwarders) {
            forwarder.close();
        }
        for (TcpVm vm : tcp) {
            vm.close();
        }
        udp.forEach(UdpVm::close);
    }

    @Test
    @DisplayName("6. of two forwarders behind one name one is killed: clients come by the other, to the same backends")
    void oneOfTwoForwardersIsKilled() throws Exception {
        List<Answer> webBefore = answers(TwoForwardersTest::overTcp);
        List<Answer> dnsBefore = answers(TwoForwardersTest::overUdp);
        assertEquals(
                Set.copyOf(FRONTS),
                new HashSet<>(webBefore.stream().map(Answer::front).toList()));
        // That 200 clients all miss one of four: 4 x (3/4)^200, 1 in 10^24.
        assertEquals(4, Set.copyOf(vms(webBefore)).size());

        forwarders.get(0).kill();

        List<Answer> web = answers(TwoForwardersTest::overTcp);
        List<Answer> dns = answers(TwoForwardersTest::overUdp);
        assertTrue(web.stream().allMatch(answer -> answer.front().equals(FRONTS.get(1))));
        assertEquals(vms(webBefore), vms(web));
        assertEquals(vms(dnsBefore), vms(dns));
        assertEquals(vms(web), vms(dns), "over TCP and UDP alike");
    }

    private static List<String> vms(List<Answer> answers) {
        return answers.stream().map(Answer::vm).toList();
    }

    /** Half of the clients begin at the one address, half at the other. */
    private List<Answer> answers(Call call) throws Exception {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            List<InetSocketAddress> addresses = lookUp();
            Collections.rotate(addresses, i);
            answers.add(ask(call, addresses, "127.3.0." + (1 + i)));
        }
        return answers;
    }

    private List<InetSocketAddress> lookUp() throws Exception {
        CompletableFuture<Collection<Backend>> found = new CompletableFuture<>();
        name.ask(new SourceObserver() {
            @Override
            public void deliver(Collection<Backend> backends) {
                found.complete(backends);
            }

            @Override
            public void deliver(Collection<Backend> backends, Duration askAgainIn) {
                found.complete(backends);
            }

            @Override
            public void failed(String reason) {
                found.completeExceptionally(new IOException(reason));
            }
        });
        return new ArrayList<>(
                found.get(20, TimeUnit.SECONDS).stream().map(Backend::address).toList());
    }

    private static Answer ask(Call call, List<InetSocketAddress> addresses, String client) throws IOException {
        for (InetSocketAddress address : addresses) {
            try {
                return new Answer(address.getHostString(), call.nameAt(address, client));
            } catch (ConnectException | PortUnreachableException e) {
                // The next address, as browsers and resolvers do it.
            }
        }
        throw new AssertionError("nobody is there: " + addresses);
    }

    private static String overTcp(InetSocketAddress front, String client) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(20_000);
            socket.bind(new InetSocketAddress(client, 0));
            socket.connect(front, 20_000);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private static String overUdp(InetSocketAddress front, String client) throws IOException {
        try (DatagramSocket socket = Forwarders.openUdp(client)) {
            socket.connect(front);
            return new String(UdpForwardingTest.ask(socket, new byte[1]), US_ASCII);
        }
    }
}
