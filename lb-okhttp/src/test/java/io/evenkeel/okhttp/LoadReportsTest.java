package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.LoadMetric;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Cache;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a strategy hears of answers: the load that backends report, and whether an answer was a good one. */
@Tag("okhttp")
@Timeout(60)
class LoadReportsTest {
    private static final String URL = "http://orders/";
    private static final String QUARTER = "TEXT cpu_utilization=0.25";

    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private Fleet fleet;
    private OkHttpClient client;

    /** Round robin, with a meter that writes down what it hears. */
    private final class Listening implements SelectionStrategy {
        private final SelectionStrategy order = SelectionStrategy.roundRobin();

        @Override
        public Selector selectorFor(PoolSnapshot snapshot) {
            return order.selectorFor(snapshot);
        }

        @Override
        public Meter meterFor(Member member) {
            return new Meter() {
                @Override
                public void began(long now) {}

                @Override
                public void answered(long began, long now, Outcome outcome) {
                    heard.add("answered " + outcome);
                }

                @Override
                public void reported(LoadReport report, long now) {
                    heard.add("reported " + report.cpuUtilization());
                }
            };
        }
    }

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(1);
        client = clientOf(fleet, new Listening());
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private static OkHttpClient clientOf(Fleet fleet, SelectionStrategy strategy) {
        LoadBalancer balancer =
                LoadBalancer.over(fleet.balancer.pool()).strategy(strategy).build();
        return LoadBalancingInterceptor.builder()
                .route("http://orders", balancer)
                .build()
                .install(new OkHttpClient.Builder())
                .build();
    }

    private static MockResponse.Builder reporting(String report) {
        return new MockResponse.Builder().body("done").setHeader(LoadReport.HEADER, report);
    }

    private void assertHeard(String... expected) {
        assertEquals(List.of(expected), List.copyOf(heard));
    }

    @ParameterizedTest
    @ValueSource(strings = {QUARTER, "JSON {\"cpu_utilization\": 0.25}", "BIN CQAAAAAAANA/"})
    @DisplayName("1. R6: a report is passed on in each of its forms")
    void aReportIsPassedOnInEachOfItsForms(String report) throws IOException {
        fleet.answering(reporting(report).build());

        assertEquals("done", Fleet.call(client));

        assertHeard("reported 0.25", "answered SUCCESS");
    }

    @Test
    @DisplayName("1. R6: a report in the binary header is passed on, too")
    void soIsTheBinaryHeader() throws IOException {
        fleet.answering(new MockResponse.Builder()
                .setHeader(LoadReport.BINARY_HEADER, "CQAAAAAAANA/")
                .build());

        Fleet.call(client);

        assertHeard("reported 0.25", "answered SUCCESS");
    }

    @ParameterizedTest
    @CsvSource({"200, SUCCESS", "404, SUCCESS", "500, FAILURE", "503, FAILURE"})
    @DisplayName("1. R6: errors report, too, and are no good answers")
    void errorsReportTooAndAreNoGoodAnswers(int code, Outcome outcome) throws IOException {
        fleet.answering(reporting(QUARTER).code(code).build());

        Fleet.call(client);

        assertHeard("reported 0.25", "answered " + outcome);
    }

    @Test
    @DisplayName("1. R6: a report comes before the body")
    void aReportComesBeforeTheBody() throws IOException {
        fleet.answering(reporting(QUARTER)
                .body("x".repeat(4_000_000))
                .onResponseBody(SocketEffect.Stall.INSTANCE)
                .build());

        try (Response response = client.newCall(Fleet.get(URL)).execute()) {
            assertEquals(200, response.code());
            assertHeard("reported 0.25", "answered SUCCESS");
        }
    }

    @Test
    @DisplayName("1. R6: a redirect inside reports, too")
    void aRedirectInsideReportsToo() throws IOException {
        fleet.answering((server, request) -> request.getTarget().equals("/there")
                ? reporting("TEXT cpu_utilization=0.5").build()
                : reporting(QUARTER).code(302).setHeader("Location", "/there").build());

        Fleet.call(client);

        assertHeard("reported 0.25", "reported 0.5", "answered SUCCESS");
    }

    @Test
    @DisplayName("1. R6: where a redirect leads elsewhere, nothing is heard of that")
    void whereARedirectLeadsElsewhereNothingIsHeardOfIt() throws IOException {
        try (MockWebServer elsewhere = new MockWebServer()) {
            elsewhere.start(InetAddress.getLoopbackAddress(), 0);
            elsewhere.enqueue(reporting("TEXT cpu_utilization=0.9").build());
            fleet.answering(reporting(QUARTER)
                    .code(302)
                    .setHeader("Location", "http://127.0.0.1:" + elsewhere.getPort() + "/")
                    .build());

            assertEquals("done", Fleet.call(client));
        }

        assertHeard("reported 0.25", "answered SUCCESS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TEXT cpu_utilization=", "nonsense", "JSON {", "BIN ====", ""})
    @DisplayName("1. R6: a malformed report is none, and the answer is as good")
    void aMalformedReportIsNoneAndTheAnswerIsAsGood(String report) throws IOException {
        fleet.answering(reporting(report).build());

        assertEquals("done", Fleet.call(client));

        assertHeard("answered SUCCESS");
    }

    @Test
    @DisplayName("1. R6: without the header, nothing is reported")
    void withoutTheHeaderNothingIsReported() throws IOException {
        Fleet.call(client);

        assertHeard("answered SUCCESS");
    }

    @Test
    @DisplayName("1. R12: an answer of the cache is neither report nor answer")
    void anAnswerOfTheCacheIsNeitherReportNorAnswer(@TempDir Path directory) throws IOException {
        try (Cache cache = new Cache(directory.toFile(), 1_000_000)) {
            client = client.newBuilder().cache(cache).build();
            fleet.answering(
                    reporting(QUARTER).setHeader("Cache-Control", "max-age=60").build());

            Fleet.call(client);
            Fleet.call(client);

            assertEquals(1, fleet.requestsOf(0));
            assertHeard("reported 0.25", "answered SUCCESS", "answered CANCELLED");
        }
    }

    @Test
    @DisplayName("1. R6: a connection that breaks is a failure without an answer")
    void aConnectionThatBreaksIsAFailureWithoutAnAnswer() {
        fleet.answering(EndOfLoadTest.dyingAtOnce());
        List<Throwable> thrown = new ArrayList<>();

        try {
            Fleet.call(client);
        } catch (IOException e) {
            thrown.add(e);
        }

        assertEquals(1, thrown.size());
        assertHeard("answered FAILURE");
    }

    @Test
    @DisplayName("1. load reports: calls go to the server that is less used")
    void callsGoToTheServerThatIsLessUsed() throws IOException {
        try (Fleet two = Fleet.of(2)) {
            two.answering((server, request) -> reporting("TEXT cpu_utilization=" + (server == 0 ? "0.9" : "0.3"))
                    .build());
            client = clientOf(two, SelectionStrategy.leastLoaded(2, LoadMetric.reportedUtilization()));

            for (int i = 0; i < 40; i++) {
                Fleet.call(client);
            }

            // Who has not reported yet is typical, so that each is soon asked once; then there is no reason to come
            // back.
            assertTrue(two.requestsOf(0) <= 3, two.requestsOf(0) + " of 40 went to the busy one");
        }
    }
}
