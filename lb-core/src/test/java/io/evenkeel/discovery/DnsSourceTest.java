package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.InetAddresses;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import io.evenkeel.testing.DnsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

@Tag("membership")
class DnsSourceTest implements BackendSourceContract {
    private static final String WEB = "web.example.";

    private final SourceLog log = new SourceLog();
    private DnsServer server;
    private DnsQuery query;

    @BeforeEach
    void start() throws IOException {
        server = DnsServer.start();
        query = asking(DnsQuery.addresses("web.example", 80));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private DnsQuery asking(DnsQuery any) {
        return any.withServers(List.of(server.address())).withTimeout(Duration.ofSeconds(10));
    }

    private void ask(DnsQuery asked) throws Exception {
        BackendSource.dns(asked).ask(log);
    }

    private static Backend backend(String ip, int port, int weight, int priority, String host) {
        return new Backend(
                Backend.of(ip, port).id(),
                new InetSocketAddress(InetAddresses.forString(ip), port),
                weight,
                priority,
                Placement.NONE,
                Map.of("host", host));
    }

    private static Backend backend(String ip) {
        return backend(ip, 80, 100, 0, "web.example");
    }

    @Override
    public BackendSource source() {
        server.with(WEB, 60, Type.A, "10.0.0.1");
        return BackendSource.dns(query);
    }

    @Override
    public List<Backend> backends() {
        return List.of(backend("10.0.0.1"));
    }

    @Test
    @DisplayName("1. the addresses of both families are backends, always in the same order")
    void theAddressesOfBothFamiliesAreBackends() throws Exception {
        server.with(WEB, 60, Type.A, "10.0.0.2")
                .with(WEB, 60, Type.A, "10.0.0.1")
                .with(WEB, 60, Type.AAAA, "2001:db8::1");

        ask(query);

        assertEquals(List.of(backend("10.0.0.1"), backend("10.0.0.2"), backend("2001:db8::1")), log.latest());
        assertEquals("10.0.0.1", log.latest().get(0).address().getHostString());
    }

    @ParameterizedTest(name = "{0} s holds {1} s")
    @CsvSource({"0, 5", "3, 5", "42, 42", "300, 300", "2147483647, 300"})
    @DisplayName("1. an answer holds for its time to live, but 5 s at the least and 5 min at the most")
    void anAnswerHoldsForItsTimeToLive(int ttl, int holds) throws Exception {
        server.with(WEB, ttl, Type.A, "10.0.0.1").with(WEB, 2147483647, Type.AAAA, "2001:db8::1");

        ask(query);

        assertEquals(List.of(Duration.ofSeconds(holds)), log.pauses());
    }

    @ParameterizedTest
    @CsvSource({
        "NXDOMAIN, web.example.: NXDOMAIN",
        "SERVFAIL, web.example.: SERVFAIL from ",
        "REFUSED, web.example.: REFUSED from "
    })
    @DisplayName("1. NXDOMAIN, SERVFAIL and REFUSED are failures")
    void answersOfErrorAreFailures(String rcode, String reason) throws Exception {
        server.with(WEB, 60, Type.A, "10.0.0.1").answering(message -> {
            message.getHeader().setRcode(Rcode.value(rcode));
            return message;
        });

        ask(query);

        assertEquals(List.of(), log.lists());
        assertEquals(1, log.failures().size());
        assertTrue(log.failures().get(0).startsWith(reason), log.failures().toString());
    }

    @Test
    @DisplayName("1. an answer without records is a failure")
    void anAnswerWithoutRecordsIsAFailure() throws Exception {
        ask(query);

        assertEquals(List.of("web.example.: no addresses"), log.failures());
    }

    @Test
    @DisplayName("1. silence is a failure, after each server was asked twice")
    void silenceIsAFailure() throws Exception {
        server.answering(message -> null);

        ask(query.withTimeout(Duration.ofMillis(50)));

        assertTrue(
                log.failures().get(0).startsWith("web.example.: no answer from "),
                log.failures().toString());
        assertEquals(List.of("web.example. A udp", "web.example. A udp"), server.asked());
    }

    @Test
    @DisplayName("1. where one family is not answered, nothing is delivered: half a list would take the rest away")
    void halfAnAnswerIsAFailure() throws Exception {
        server.with(WEB, 60, Type.A, "10.0.0.1").answering(message -> {
            message.getHeader().setRcode(message.getQuestion().getType() == Type.AAAA ? Rcode.SERVFAIL : Rcode.NOERROR);
            return message;
        });

        ask(query);
        ask(query.withKind(DnsQuery.Kind.IPV4));

        assertEquals(1, log.failures().size());
        assertEquals(List.of(List.of(backend("10.0.0.1"))), log.lists());
    }

    @Test
    @DisplayName("1. a thousand addresses come by TCP")
    void aThousandAddressesComeByTcp() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            server.with(WEB, 60, Type.A, "10.0." + i / 250 + "." + i % 250);
        }

        ask(query);

        assertEquals(1_000, log.latest().size());
        assertEquals(List.of("web.example. A udp", "web.example. A tcp", "web.example. AAAA udp"), server.asked());
    }

    @Test
    void aliasesAreFollowedWithinAnAnswerAndBeyond() throws Exception {
        server.with(WEB, 7, Type.CNAME, "a.example.").with("a.example.", 60, Type.CNAME, "b.example.");
        server.with("b.example.", 60, Type.A, "10.0.0.1");

        ask(query);

        assertEquals(List.of(backend("10.0.0.1")), log.latest());
        assertEquals(List.of(Duration.ofSeconds(7)), log.pauses());
    }

    @Test
    @DisplayName("1. a loop of aliases is a failure")
    void aLoopOfAliasesIsAFailure() throws Exception {
        server.with(WEB, 60, Type.CNAME, "a.example.").with("a.example.", 60, Type.CNAME, WEB);

        ask(query);

        assertEquals(1, log.failures().size());
        assertTrue(server.asked().size() <= 8, server.asked().toString());
    }

    @Test
    void aChainOfAliasesWithoutAnEndIsAFailure() throws Exception {
        for (int i = 0; i < 50; i++) {
            server.with(i == 0 ? WEB : "a" + i + ".example.", 60, Type.CNAME, "a" + (i + 1) + ".example.");
        }

        ask(query);

        assertEquals(List.of("web.example.: a chain of names without an end"), log.failures());
        assertEquals(8, server.asked().size());
    }

    @Test
    @DisplayName("5. answers with another id, another question or from nobody who was asked are passed over")
    void forgedAnswersArePassedOver() throws Exception {
        server.with(WEB, 60, Type.A, "10.0.0.1").answering(message -> {
            message.getHeader().setID(message.getHeader().getID() ^ 1);
            return message;
        });
        ask(query.withTimeout(Duration.ofMillis(50)));
        server.answering(message -> {
            Message other = new Message(message.getHeader().getID());
            other.getHeader().setFlag(Flags.QR);
            message.getSection(Section.ANSWER).forEach(r -> other.addRecord(r, Section.ANSWER));
            return other;
        });
        ask(query.withTimeout(Duration.ofMillis(50)));

        assertEquals(2, log.failures().size());
        assertEquals(List.of(), log.lists());
    }

    @Test
    void aServerThatIsNotThereIsPassedOver() throws Exception {
        server.with(WEB, 60, Type.A, "10.0.0.1");
        DnsServer gone = DnsServer.start();
        gone.close();

        ask(query.withServers(List.of(gone.address(), server.address())));

        assertEquals(List.of(backend("10.0.0.1")), log.latest());
    }

    @Test
    @DisplayName("1. a name is completed by the first domain that has it")
    void aNameIsCompletedByTheFirstDomainThatHasIt() throws Exception {
        server.with("web.two.example.", 60, Type.A, "10.0.0.2").with("web.", 60, Type.A, "10.0.0.3");

        ask(asking(DnsQuery.addresses("web", 80).withSearch(List.of("one.example", "two.example"))));
        ask(asking(DnsQuery.addresses("web", 80).withSearch(List.of("one.example"))));

        assertEquals("10.0.0.2:80", log.lists().get(0).get(0).id());
        assertEquals("10.0.0.3:80", log.lists().get(1).get(0).id());
    }

    @Test
    void aServerThatFailsDoesNotLeadToAnotherName() throws Exception {
        server.with("web.", 60, Type.A, "10.0.0.3").answering(message -> {
            boolean isFirst = message.getQuestion().getName().toString().equals("web.one.example.");
            message.getHeader().setRcode(isFirst ? Rcode.SERVFAIL : Rcode.NOERROR);
            return message;
        });

        ask(asking(DnsQuery.addresses("web", 80).withSearch(List.of("one.example"))));

        assertEquals(1, log.failures().size());
    }

    @Test
    @DisplayName("1. services bring port, priority and weight, and 0 is the smallest weight")
    void servicesBringPortPriorityAndWeight() throws Exception {
        server.with("_http._tcp.web.example.", 60, Type.SRV, "10 60 8080 a.example.")
                .with("_http._tcp.web.example.", 60, Type.SRV, "20 0 8081 b.example.")
                .with("a.example.", 9, Type.A, "10.0.0.1")
                .with("a.example.", 60, Type.AAAA, "2001:db8::1")
                .with("b.example.", 60, Type.A, "10.0.0.2");

        ask(asking(DnsQuery.srv("_http._tcp.web.example")));

        assertEquals(
                List.of(
                        backend("10.0.0.1", 8080, 60, 10, "a.example"),
                        backend("2001:db8::1", 8080, 60, 10, "a.example"),
                        backend("10.0.0.2", 8081, 1, 20, "b.example")),
                log.latest());
        assertEquals(List.of(Duration.ofSeconds(9)), log.pauses());
    }

    @Test
    void addressesThatComeWithTheServicesAreNotAskedForAgain() throws Exception {
        server.with(WEB, 60, Type.SRV, "1 1 8080 a.example.").with("a.example.", 60, Type.A, "10.0.0.1");
        server.answering(message -> {
            if (message.getQuestion().getType() == Type.SRV) {
                message.addRecord(
                        Record.newRecord(
                                Name.fromConstantString("a.example."), Type.A, DClass.IN, 60, new byte[] {10, 0, 0, 9}),
                        Section.ADDITIONAL);
            }
            return message;
        });

        ask(asking(DnsQuery.srv("web.example").withPort(90)));

        assertEquals(List.of(backend("10.0.0.9", 90, 1, 1, "a.example")), log.latest());
        assertEquals(List.of("web.example. SRV udp"), server.asked());
    }

    @Test
    void aServiceWhoseTargetHasGoneIsLeftOutAndOneThatCannotBeAskedForIsAFailure() throws Exception {
        server.with(WEB, 60, Type.SRV, "1 1 80 a.example.")
                .with(WEB, 60, Type.SRV, "1 1 80 gone.example.")
                .with(WEB, 60, Type.SRV, "1 1 80 .")
                .with("a.example.", 60, Type.A, "10.0.0.1");
        DnsQuery services = asking(DnsQuery.srv("web.example"));
        ask(services);

        server.answering(message -> {
            boolean isGone = message.getQuestion().getName().toString().equals("gone.example.");
            message.getHeader().setRcode(isGone ? Rcode.SERVFAIL : Rcode.NOERROR);
            return message;
        });
        ask(services);

        assertEquals(
                Set.of("10.0.0.1:80"), log.latest().stream().map(Backend::id).collect(Collectors.toSet()));
        assertEquals(1, log.lists().size());
        assertTrue(
                log.failures().get(0).startsWith("gone.example.: SERVFAIL"),
                log.failures().toString());
    }

    @Test
    void aQueryChecksWhatItIsGiven() {
        assertEquals(
                "name: \"a..b\" (expected: a name of DNS)",
                assertThrows(IllegalArgumentException.class, () -> DnsQuery.addresses("a..b", 80))
                        .getMessage());
        assertEquals(
                "port: 0 (expected: 1 to 65535, or 0 for SRV)",
                assertThrows(IllegalArgumentException.class, () -> DnsQuery.addresses("web", 0))
                        .getMessage());
        assertFalse(DnsQuery.srv("web").toString().isEmpty());
    }

    @Test
    void aTimeoutThatSocketsCannotCountIsAsLongAsTheyCan() {
        DnsQuery patient = DnsQuery.addresses("web.test", 80).withTimeout(Duration.ofDays(30));

        assertEquals(Integer.MAX_VALUE, DnsClient.of(patient).exchange().timeoutMillis());
    }
}
