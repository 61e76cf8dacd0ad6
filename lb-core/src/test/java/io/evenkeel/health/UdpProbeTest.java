package io.evenkeel.health;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.testing.Descriptors;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class UdpProbeTest implements HealthProbeContract {
    private static final UdpProbe PROBE = HealthProbe.udp("ping".getBytes(US_ASCII), "pong".getBytes(US_ASCII));

    private final Asking asking = new Asking();

    @AfterEach
    void close() throws Exception {
        asking.close();
    }

    @Override
    public HealthProbe probe() {
        return PROBE;
    }

    @Override
    public AutoCloseable well() throws Exception {
        return answering("pong");
    }

    @Override
    public AutoCloseable hanging() throws Exception {
        return new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    @Override
    public InetSocketAddress addressOf(AutoCloseable server) {
        return (InetSocketAddress) ((DatagramSocket) server).getLocalSocketAddress();
    }

    @Test
    void theAnswerMustBeginAsExpected() throws Exception {
        assertAnswer(ProbeResult.good("answered as expected"), PROBE, "pong and more");
        assertAnswer(ProbeResult.bad("answered something else"), PROBE, "pon");
        assertAnswer(ProbeResult.bad("answered something else"), PROBE, "error");
        assertAnswer(
                ProbeResult.good("answered as expected"), HealthProbe.udp("ping".getBytes(US_ASCII), new byte[0]), "x");
    }

    @Test
    void aPortOfItsOwnIsAskedInsteadOfTheBackends() throws Exception {
        try (DatagramSocket server = answering("pong")) {
            HealthProbe probe = HealthProbe.udp(server.getLocalPort(), new byte[] {1}, new byte[0]);

            assertEquals(
                    ProbeResult.good("answered as expected"),
                    asking.ask(probe, new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)));
        }
    }

    @Test
    @DisplayName("4 a server that answers only one source address answers a probe that comes from there")
    void aServerThatAnswersOneSourceOnlyAnswersAProbeFromThere() throws Exception {
        InetAddress source = InetAddress.getByName("127.0.0.168");
        try (DatagramSocket server = answering("pong", from -> from.equals(source))) {
            CompletableFuture<ProbeResult> fromAnywhere = asking.begin(PROBE, addressOf(server));

            assertEquals(
                    ProbeResult.good("answered as expected"), asking.ask(PROBE.withSource(source), addressOf(server)));

            // It came first, and was passed over.
            assertFalse(fromAnywhere.isDone());
        }
    }

    @Test
    void aSourceAddressThatIsNotOursIsAFailedProbe() throws Exception {
        try (DatagramSocket server = answering("pong")) {
            ProbeResult result = asking.ask(PROBE.withSource(InetAddress.getByName("192.0.2.1")), addressOf(server));

            assertFalse(result.isGood(), result.reason());
        }
    }

    @Test
    void allQuestionsOfAMonitorShareOneThread() throws Exception {
        try (DatagramSocket server = answering("pong")) {
            List<CompletableFuture<ProbeResult>> questions = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                questions.add(asking.begin(PROBE, addressOf(server)));
            }
            for (CompletableFuture<ProbeResult> question : questions) {
                assertEquals(ProbeResult.good("answered as expected"), question.get(10, TimeUnit.SECONDS));
            }

            assertEquals(
                    1,
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().equals("evenkeel-probe-test"))
                            .count());
        }
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            CompletableFuture<ProbeResult> question = asking.begin(PROBE, addressOf(silent));
            assertFalse(question.isDone());

            asking.close();
            asking.close();

            assertEquals(true, question.isDone());
        }
    }

    private void assertAnswer(ProbeResult expected, HealthProbe probe, String answer) throws Exception {
        try (DatagramSocket server = answering(answer)) {
            assertEquals(expected, asking.ask(probe, addressOf(server)));
        }
    }

    private static DatagramSocket answering(String answer) throws SocketException {
        return answering(answer, from -> true);
    }

    private static DatagramSocket answering(String answer, Predicate<InetAddress> isAnswered) throws SocketException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            DatagramPacket question = new DatagramPacket(new byte[100], 100);
            try {
                while (true) {
                    socket.receive(question);
                    if (!isAnswered.test(question.getAddress())) {
                        continue;
                    }
                    byte[] bytes = answer.getBytes(US_ASCII);
                    socket.send(new DatagramPacket(bytes, bytes.length, question.getSocketAddress()));
                }
            } catch (java.io.IOException e) {
                // closed
            }
        });
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    @Test
    void anEmptyAnswerIsAnAnswerWhereNothingIsExpectedOfIt() throws Exception {
        assertAnswer(
                ProbeResult.good("answered as expected"), HealthProbe.udp("ping".getBytes(US_ASCII), new byte[0]), "");
        assertAnswer(ProbeResult.bad("answered something else"), PROBE, "");
    }

    @Test
    @DisplayName("8 a question that could not be asked leaves no socket behind")
    void aQuestionThatCouldNotBeAskedLeavesNoSocketBehind() throws Exception {
        try (Datagrams datagrams = new Datagrams(Thread::new)) {
            InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.test", 80);
            long before = Descriptors.open();

            for (int i = 0; i < 200; i++) {
                ProbeResult result = datagrams
                        .ask(Optional.empty(), nowhere, new byte[1], received -> ProbeResult.good("answered"))
                        .get(10, TimeUnit.SECONDS);
                assertFalse(result.isGood());
            }

            assertTrue(Descriptors.open() < before + 100, before + " before, now " + Descriptors.open());
        }
    }
}
