package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Member;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A scale set starts more than it was asked for, and stops the extras again while eight threads call. */
@Tag("membership")
@Timeout(120)
class ScaleSetTest {
    private static final int SIZE = 3;
    private static final int THREADS = 8;
    private static final int ROUNDS = 5;

    private static final Request GET = Fleet.get("http://orders/");
    private static final Request POST = Fleet.post("http://orders/");
    private static final Request PUT = new Request.Builder()
            .url("http://orders/")
            .put(RequestBody.create("put", null))
            .build();

    private Fleet fleet;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(SIZE);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    @DisplayName("3 backends become 8 and 3 again at once: of what is removed, drained and stopped no request notices")
    void extrasThatAreDrainedCostNothing() throws Exception {
        Callers callers = Callers.start(THREADS, fleet.client(), GET, PUT, POST);
        try (callers) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Backend> extras = startExtras(5);
                if (round % 2 == 0) { // else they vanish before anybody has looked at them
                    awaitRequestsTo(extras);
                }
                List<Member> leaving = membersOf(extras);
                fleet.balancer.pool().replace(stayers());
                Await.until("the extras are empty", () -> inFlight(leaving) == 0);
                stop(extras);
                callers.awaitCalls(10);
            }
        }

        assertEquals(List.of(), callers.failures());
    }

    @Test
    @DisplayName("3 backends become 8 and 3 again at once: what is cut off as the extras stop is repeated elsewhere")
    void whatIsCutOffIsRepeated() throws Exception {
        slowDownExtras();
        Callers callers = Callers.start(THREADS, fleet.client(), GET, PUT);
        try (callers) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Backend> extras = startExtras(5);
                List<Member> leaving = membersOf(extras);
                Await.until("half of all calls are at the extras", () -> inFlight(leaving) >= THREADS / 2);
                fleet.balancer.pool().replace(stayers());
                stop(extras);
                callers.awaitCalls(10);
            }
        }

        assertEquals(List.of(), callers.failures());
        assertTrue(fleet.takeOutcomes().contains(Outcome.FAILURE), "something was cut off");
    }

    @ParameterizedTest
    @CsvSource({"2, 3", "5, 6"})
    @DisplayName("of extras that stop before they are removed no request notices, if calls have one attempt more")
    void extrasThatStopTooEarlyAreBypassed(int size, int attempts) throws Exception {
        // Of the budget each round takes a retry for each thread and extra at most: 40, and a second brings 1,000.
        OkHttpClient client =
                fleet.client(FailoverPolicy.defaults().withAttempts(attempts).withBudget(1, 1_000));
        slowDownExtras();
        Callers callers = Callers.start(THREADS, client, GET, PUT);
        try (callers) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Backend> extras = startExtras(size);
                awaitRequestsTo(extras);
                stop(extras);
                callers.awaitCalls(2);
                fleet.balancer.pool().replace(stayers());
                callers.awaitCalls(10);
            }
        }

        assertEquals(List.of(), callers.failures());
        assertTrue(fleet.takeOutcomes().contains(Outcome.FAILURE), "somebody met one that had stopped");
    }

    /**
     * So that calls are under way there whenever they stop. Answers have no body: one that breaks off after its headers were
     * handed on cannot be repeated.
     */
    private void slowDownExtras() {
        fleet.answering((server, request) -> Fleet.status(204)
                .newBuilder()
                .headersDelay(server < SIZE ? 0 : 20, TimeUnit.MILLISECONDS)
                .build());
    }

    /** Starts so many more than there should be, and puts them into the pool. */
    private List<Backend> startExtras(int size) throws IOException {
        int first = fleet.servers.size();
        for (int i = 0; i < size; i++) {
            fleet.startAnother();
        }
        List<Backend> extras = backends(first, first + size);
        fleet.balancer.pool().replace(concat(stayers(), extras));
        return extras;
    }

    private List<Backend> stayers() {
        return backends(0, SIZE);
    }

    private List<Backend> backends(int first, int end) {
        return IntStream.range(first, end).mapToObj(fleet::backend).toList();
    }

    private static List<Backend> concat(List<Backend> some, List<Backend> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private List<Member> membersOf(List<Backend> backends) {
        return fleet.balancer.pool().snapshot().members().stream()
                .filter(member -> backends.contains(member.backend()))
                .toList();
    }

    private void awaitRequestsTo(List<Backend> extras) {
        List<Member> members = membersOf(extras);
        Await.until(
                "all extras are asked",
                () -> members.stream().allMatch(member -> member.load().picks() > 0));
    }

    private static long inFlight(List<Member> members) {
        return members.stream().mapToLong(member -> member.load().inFlight()).sum();
    }

    private void stop(List<Backend> extras) {
        int end = fleet.servers.size();
        IntStream.range(end - extras.size(), end).forEach(fleet::stop);
    }
}
