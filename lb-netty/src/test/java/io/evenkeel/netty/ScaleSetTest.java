package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Backend;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.event.Subscription;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** A scale set starts more than it was asked for, and stops the extras again while clients come and go. */
@Tag("membership")
class ScaleSetTest {
    private static final int SIZE = 3;
    private static final int EXTRAS = 5;
    private static final int ROUNDS = 6;
    private static final int CLIENTS = 4;

    private final List<TcpVm> vms = new ArrayList<>();
    private final Queue<String> changes = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong served = new AtomicLong();
    private BackendPool pool;
    private Subscription hearing;
    private volatile boolean over;

    @BeforeEach
    void start() throws IOException {
        pool = BackendPool.builder("web").build();
        pool.replace(startVms(SIZE));
        hearing = pool.listen(new LoadBalancerListener() {
            @Override
            public void memberAdded(String pool, Backend backend) {
                changes.add("+" + backend.id());
            }

            @Override
            public void memberRemoved(String pool, Backend backend) {
                changes.add("-" + backend.id());
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        for (TcpVm vm : vms) {
            vm.close();
        }
        hearing.close();
        pool.close();
    }

    private List<Backend> startVms(int count) throws IOException {
        List<Backend> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TcpVm vm = TcpVm.echo("vm" + vms.size(), "127.0.0.11");
            vms.add(vm);
            started.add(vm.backend());
        }
        return started;
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "3 backends become 8 and 3 again at once: no connection through a forwarder notices, nor do those that stay")
    void extrasCostNoConnection(Transport transport) throws Exception {
        List<Backend> stayers = vms.stream().map(TcpVm::backend).toList();
        List<String> expected = new ArrayList<>();
        List<Thread> clients = new ArrayList<>();
        try (Forwarder forwarder = Forwarders.builder(transport, LoadBalancingRule.of("http", TCP, pool))
                .build()) {
            for (int i = 0; i < CLIENTS; i++) {
                Thread client = new Thread(() -> comeAndGo(forwarder), "client" + i);
                clients.add(client);
                client.start();
            }
            for (int round = 0; round < ROUNDS; round++) {
                List<Backend> extras = startVms(EXTRAS);
                pool.replace(Stream.concat(stayers.stream(), extras.stream()).toList());
                List<Member> leaving = membersOf(extras);
                if (round % 2 == 0) { // else they vanish before anybody has looked at them
                    Await.until(
                            "all extras serve",
                            () -> leaving.stream()
                                    .allMatch(member -> member.load().picks() > 0));
                }
                pool.replace(stayers);
                Await.until(
                        "the extras are empty",
                        () -> leaving.stream().allMatch(member -> member.load().inFlight() == 0));
                for (TcpVm extra : vms.subList(vms.size() - EXTRAS, vms.size())) {
                    extra.close();
                }
                awaitServed(20);
                extras.forEach(extra -> expected.add("+" + extra.id()));
                extras.forEach(extra -> expected.add("-" + extra.id()));
            }
            over = true;
            for (Thread client : clients) {
                client.join();
            }
        } finally {
            over = true;
        }

        assertEquals(List.of(), List.copyOf(failures));
        Await.until("all changes are told", () -> changes.size() >= expected.size());
        assertEquals(expected, List.copyOf(changes));
    }

    private List<Member> membersOf(List<Backend> backends) {
        return pool.snapshot().members().stream()
                .filter(member -> backends.contains(member.backend()))
                .toList();
    }

    private void awaitServed(int more) {
        long enough = served.get() + more;
        Await.until(more + " more are served, failures: " + failures, () -> served.get() >= enough);
    }

    /** Each connection asks, is answered, and ends in good order. */
    private void comeAndGo(Forwarder forwarder) {
        byte[] question = "hello".repeat(200).getBytes(US_ASCII);
        while (!over) {
            try (Socket socket = connect(forwarder, "http")) {
                socket.getOutputStream().write(question);
                socket.shutdownOutput();
                assertArrayEquals(question, socket.getInputStream().readAllBytes());
                served.incrementAndGet();
            } catch (IOException | AssertionError e) {
                failures.add(e.toString());
            }
        }
    }
}
