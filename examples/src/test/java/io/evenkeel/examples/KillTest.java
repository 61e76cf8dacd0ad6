package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.BackendState;
import io.evenkeel.examples.Crowd.Failure;
import io.evenkeel.health.FlapDamping;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import io.evenkeel.pool.Member;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three real processes under load that are killed, stopped and started again, one at a time. */
@Tag("okhttp")
class KillTest {
    private static final int THREADS = 50;

    /** Long enough that a process on a busy machine does not seem to be one that hangs. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);

    private static final ProbeSchedule OFTEN = ProbeSchedule.defaults()
            .withInterval(Duration.ofMillis(500))
            .withUnhealthyThreshold(3)
            .withFlapDamping(FlapDamping.OFF);

    private final List<VmProcess> vms =
            IntStream.rangeClosed(31, 33).mapToObj(VmProcess::new).toList();
    private final LoadBalancer balancer = LoadBalancer.builder("orders")
            .backends(vms.stream().map(VmProcess::backend).toList())
            .probe(HealthProbe.http(Vm.HEALTH_PATH))
            .schedule(OFTEN)
            .build();
    private final OkHttpClient client = LoadBalancingInterceptor.builder()
            .route("http://orders", balancer)
            .build()
            .install(new OkHttpClient.Builder().eventListenerFactory(Trace.OF_EACH_CALL))
            .readTimeout(READ_TIMEOUT)
            .build();
    private final List<Harm> harms = new ArrayList<>();

    @TempDir
    Path ledgers;

    /** From just before a process was harmed until it was well again; times by {@link System#nanoTime}. */
    private record Harm(String host, long began, long ended) {
        boolean explains(Failure failure) {
            // OkHttp by itself may write a call to the same host again, when a connection that was kept is dead.
            return Set.copyOf(failure.sentTo()).equals(Set.of(host))
                    && failure.ended() - began >= 0
                    && ended - failure.began() >= 0;
        }
    }

    /** Something that is done to a process, until it serves again. */
    private interface Fault {
        void befall(VmProcess vm) throws Exception;
    }

    @BeforeEach
    void start() throws Exception {
        for (VmProcess vm : vms) {
            start(vm);
        }
        assertTrue(balancer.awaitReady(vms.size(), Duration.ofSeconds(60)));
    }

    @AfterEach
    void close() throws InterruptedException {
        client.connectionPool().evictAll();
        balancer.close();
        for (VmProcess vm : vms) {
            vm.close();
        }
    }

    private void start(VmProcess vm) throws IOException {
        vm.start(LedgerServer.class, ledgers.resolve(vm.name()).toString());
    }

    @Test
    @Timeout(120)
    @DisplayName("2. nobody notices that a process is killed, hangs, or is started again")
    void nobodyNoticesAKill() throws Exception {
        Crowd crowd = new Crowd(THREADS, client);
        try (crowd) {
            crowd.awaitAnswers(1_000);
            befallInTurn(crowd);
        }

        verify(crowd);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    @DisplayName("2. nobody notices a kill in 200,000 calls")
    void nobodyNoticesAKillInManyCalls() throws Exception {
        Crowd crowd = new Crowd(THREADS, client);
        try (crowd) {
            while (crowd.answered() < 200_000 || harms.size() < 30) {
                befallInTurn(crowd);
            }
        }

        verify(crowd);
    }

    private void befallInTurn(Crowd crowd) throws Exception {
        int turn = harms.size();
        harm(vms.get(turn % 3), this::killAndStart, crowd);
        harm(vms.get((turn + 1) % 3), this::suspendAndResume, crowd);
        drainAndStart(vms.get((turn + 2) % 3));
        crowd.awaitAnswers(500);
        harm(vms.get((turn + 3) % 3), this::restart, crowd);
    }

    private void harm(VmProcess vm, Fault fault, Crowd crowd) throws Exception {
        long began = System.nanoTime();
        fault.befall(vm);
        crowd.awaitAnswers(500);
        harms.add(new Harm(vm.backend().address().getAddress().getHostAddress(), began, System.nanoTime()));
    }

    private void killAndStart(VmProcess vm) throws Exception {
        vm.kill();
        awaitState(vm, BackendState.DOWN);
        start(vm);
        awaitState(vm, BackendState.UP);
    }

    /** Long enough that nobody waits for it any more: an answer that comes late would not be a fault. */
    private void suspendAndResume(VmProcess vm) throws Exception {
        vm.suspend();
        awaitState(vm, BackendState.DOWN);
        Await.until(
                "calls to " + vm.name() + " are given up",
                () -> member(vm).load().inFlight() == 0);
        vm.resume();
        awaitState(vm, BackendState.UP);
    }

    /** Without a word to the balancer. */
    private void restart(VmProcess vm) throws Exception {
        vm.terminate();
        awaitState(vm, BackendState.DOWN);
        start(vm);
        awaitState(vm, BackendState.UP);
    }

    /** As it is done with care: no harm, so not even a call that cannot be repeated may fail. */
    private void drainAndStart(VmProcess vm) throws Exception {
        boolean isEmpty = balancer.pool()
                .drain(vm.name(), Duration.ofSeconds(30))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        assertTrue(isEmpty, "all calls have ended");
        balancer.pool().remove(vm.name());
        vm.terminate();
        start(vm);
        balancer.pool().add(vm.backend());
        awaitState(vm, BackendState.UP);
    }

    private void awaitState(VmProcess vm, BackendState state) {
        Await.until(
                vm.name() + " is " + state,
                Duration.ofMinutes(1),
                () -> member(vm).state() == state);
    }

    private Member member(VmProcess vm) {
        return balancer.pool().snapshot().members().stream()
                .filter(member -> member.backend().id().equals(vm.name()))
                .findAny()
                .orElseThrow();
    }

    private void verify(Crowd crowd) throws IOException {
        int[] seen = timesSeen(crowd.ids());
        List<Failure> unexplained = crowd.failures().stream()
                .filter(failure -> failure.isIdempotent() || harms.stream().noneMatch(harm -> harm.explains(failure)))
                .toList();
        List<Long> twice = new ArrayList<>();
        List<Long> never = new ArrayList<>();
        for (int id = 1; id <= crowd.ids(); id++) {
            if (seen[id] > 1 && !Crowd.isIdempotent(id)) {
                twice.add((long) id);
            }
            if (seen[id] == 0 && !crowd.isLost(id)) {
                never.add((long) id);
            }
        }
        System.out.printf(
                "%d calls, %d harms, %d failures, %d ids that servers saw more than once%n",
                crowd.ids(),
                harms.size(),
                crowd.failures().size(),
                IntStream.rangeClosed(1, (int) crowd.ids())
                        .filter(id -> seen[id] > 1)
                        .count());

        assertEquals(List.of(), unexplained, "failures that nobody had to see");
        assertEquals(List.of(), twice, "calls that servers saw twice although they cannot be repeated");
        assertEquals(List.of(), never, "calls that were answered and that no server saw");
    }

    private int[] timesSeen(long ids) throws IOException {
        int[] times = new int[(int) ids + 1];
        for (VmProcess vm : vms) {
            for (String id : Files.readAllLines(ledgers.resolve(vm.name()))) {
                times[Integer.parseInt(id)]++;
            }
        }
        return times;
    }
}
