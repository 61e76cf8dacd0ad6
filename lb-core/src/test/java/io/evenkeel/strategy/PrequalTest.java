package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PrequalTest implements SelectionStrategyContract {
    private static final LoadProbe.Answer IDLE = new LoadProbe.Answer(0, Duration.ofMillis(20));

    private final VirtualTime time = new VirtualTime();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<CompletableFuture<LoadProbe.Answer>> open = new ArrayList<>();
    private final Map<String, Integer> picks = new HashMap<>();

    @Override
    public SelectionStrategy strategy() {
        return SelectionStrategy.prequal(this::idle, PrequalSettings.defaults(), new Random(42));
    }

    private CompletionStage<LoadProbe.Answer> idle(Backend backend) {
        asked.incrementAndGet();
        return CompletableFuture.completedFuture(IDLE);
    }

    private CompletionStage<LoadProbe.Answer> never(Backend backend) {
        CompletableFuture<LoadProbe.Answer> answer = new CompletableFuture<>();
        open.add(answer);
        return answer;
    }

    private BackendPool pool(int members) {
        return BackendPool.builder("test")
                .backends(backends(members))
                .nanoClock(time::nanoTime)
                .build();
    }

    private LoadBalancer balancer(BackendPool pool, LoadProbe probe) {
        SelectionStrategy strategy = SelectionStrategy.prequal(probe, PrequalSettings.defaults(), new Random(42));
        return LoadBalancer.over(pool).strategy(strategy).build();
    }

    /** One pick a millisecond, answered at once. */
    private void load(LoadBalancer balancer, int count, Set<String> failing) throws NoBackendException {
        for (int i = 0; i < count; i++) {
            time.advance(Duration.ofMillis(1));
            try (Pick pick = balancer.pick()) {
                String id = pick.backend().id();
                picks.merge(id, 1, Integer::sum);
                pick.report(failing.contains(id) ? Outcome.FAILURE : Outcome.SUCCESS);
            }
        }
    }

    private static LoadProbe answering(Map<String, LoadProbe.Answer> answers) {
        return backend -> CompletableFuture.completedFuture(answers.getOrDefault(backend.id(), IDLE));
    }

    @Test
    void whoIsHotGetsNextToNothing() throws NoBackendException {
        LoadProbe.Answer hot = new LoadProbe.Answer(50, Duration.ofMillis(1));

        load(balancer(pool(20), answering(Map.of("b3", hot))), 2_000, Set.of());

        // One of 20 is above the quantile of 0.84, so that its latency does not help it; chance gave it the first pick
        // or two.
        assertTrue(picks.getOrDefault("b3", 0) < 10, picks.toString());
    }

    @Test
    void theSlowOfTheColdGetsNextToNothing() throws NoBackendException {
        LoadProbe.Answer slow = new LoadProbe.Answer(1, Duration.ofMillis(500));

        load(balancer(pool(20), answering(Map.of("b3", slow))), 2_000, Set.of());

        assertTrue(picks.getOrDefault("b3", 0) < 10, picks.toString());
    }

    @Test
    void whoFailsFastAndLooksIdleGetsNextToNothing() throws NoBackendException {
        LoadProbe.Answer quick = new LoadProbe.Answer(0, Duration.ofMillis(1));

        load(balancer(pool(10), answering(Map.of("b3", quick))), 20_000, Set.of("b3"));

        // Tried again after 1, 2, 4, 8 s and then every 10 s: of 20 s, two failures and four tries.
        assertTrue(picks.getOrDefault("b3", 0) <= 8, picks.toString());
    }

    @Test
    void whoFailsNoMoreIsTriedAndComesBack() throws NoBackendException {
        LoadBalancer balancer = balancer(pool(10), this::idle);
        load(balancer, 1_000, Set.of("b3"));
        picks.clear();

        load(balancer, 11_000, Set.of());

        assertTrue(picks.getOrDefault("b3", 0) > 100, picks.toString());
    }

    @Test
    void whoDoesNotAnswerProbesGetsNextToNothing() throws NoBackendException {
        load(
                balancer(pool(10), backend -> backend.id().equals("b3") ? never(backend) : idle(backend)),
                3_000,
                Set.of());

        // Before the first timeout, and once each time that it is asked again only if chance decides.
        assertTrue(picks.getOrDefault("b3", 0) < 10, picks.toString());
        assertTrue(open.stream().filter(answer -> !answer.isCancelled()).count() < 60, "timeouts free what is open");
    }

    @Test
    void aProbeThatThrowsLeavesPicksToChance() throws NoBackendException {
        load(
                balancer(pool(5), backend -> {
                    throw new IllegalStateException("on purpose");
                }),
                1_000,
                Set.of());

        // Binomial with p = 0.2: five standard deviations are 63.
        assertTrue(picks.values().stream().allMatch(n -> Math.abs(n - 200) <= 63), picks.toString());
    }

    @Test
    void probesThatFailLeavePicksToChance() throws NoBackendException {
        load(balancer(pool(5), b -> CompletableFuture.failedFuture(new IllegalStateException())), 1_000, Set.of());

        assertTrue(picks.values().stream().allMatch(n -> Math.abs(n - 200) <= 63), picks.toString());
    }

    @Test
    void openProbesAreBoundedAndTimeOut() throws NoBackendException {
        LoadBalancer balancer = balancer(pool(20), this::never);
        for (int i = 0; i < 1_000; i++) {
            balancer.pick().close();
        }

        assertEquals(Questions.MOST, open.size());
        time.advance(Duration.ofMillis(101));
        balancer.pick().close();

        assertEquals(
                Questions.MOST,
                open.stream().filter(CompletableFuture::isCancelled).count());
        assertEquals(Questions.MOST + 3, open.size());
    }

    @Test
    void anAnswerThatComesTooLateIsNone() throws NoBackendException {
        LoadBalancer balancer = balancer(pool(2), this::never);
        balancer.pick().close();
        Pick pick = balancer.pick();
        time.advance(Duration.ofMillis(101));
        pick.report(Outcome.SUCCESS); // tells the time, and is no pick that looks for timeouts

        open.forEach(answer -> answer.complete(IDLE));

        assertEquals(4, open.size());
        assertTrue(open.stream().noneMatch(CompletableFuture::isCancelled));
        load(balancer, 100, Set.of());
        assertEquals(2, picks.size(), picks.toString());
    }

    @Test
    void eachPickProbesThreeMembersAndEachIsAsLikely() throws NoBackendException {
        Map<String, Integer> asked = new HashMap<>();
        Set<String> ofThisPick = new HashSet<>();
        LoadBalancer balancer = balancer(pool(7), backend -> {
            asked.merge(backend.id(), 1, Integer::sum);
            ofThisPick.add(backend.id());
            return CompletableFuture.completedFuture(IDLE);
        });
        for (int i = 0; i < 7_000; i++) {
            ofThisPick.clear();
            balancer.pick().close();

            assertEquals(3, ofThisPick.size());
        }

        // Each is asked by 3 of 7 picks: sqrt(7,000 · 3/7 · 4/7) = 41, five times.
        assertTrue(asked.values().stream().allMatch(n -> Math.abs(n - 3_000) <= 207), asked.toString());
    }

    @Test
    void whoHasBeenIdleForLongIsTriedThoughItSaysThatItIsSlow() throws NoBackendException {
        LoadProbe.Answer old = new LoadProbe.Answer(0, Duration.ofMillis(300));
        LoadProbe.Answer busy = new LoadProbe.Answer(1, Duration.ofMillis(20));

        load(
                balancer(
                        pool(10),
                        backend ->
                                CompletableFuture.completedFuture(backend.id().equals("b3") ? old : busy)),
                20_000,
                Set.of());

        // Once in 300 to 600 ms, and a few milliseconds until it is asked twice; chance has the first pick or two.
        assertTrue(picks.get("b3") > 25 && picks.get("b3") < 70, picks.toString());
    }

    @Test
    void oneMemberIsNotProbed() throws NoBackendException {
        load(balancer(pool(1), this::idle), 100, Set.of());

        assertEquals(0, asked.get());
        assertEquals(Map.of("b0", 100), picks);
    }

    @Test
    void whoHasLeftIsNotPickedThoughItWasTheBest() throws NoBackendException {
        BackendPool pool = pool(10);
        LoadBalancer balancer = balancer(pool, answering(Map.of("b3", new LoadProbe.Answer(0, Duration.ofNanos(1)))));
        load(balancer, 100, Set.of());
        picks.clear();

        pool.markDown("b3", "refused");
        load(balancer, 1_000, Set.of());

        assertEquals(null, picks.get("b3"));
        assertEquals(9, picks.size());
    }

    @Test
    void theSecondBestIsTakenWhereTheBestIsExcluded() throws NoBackendException {
        LoadBalancer balancer = balancer(
                pool(4),
                answering(Map.of(
                        "b0", new LoadProbe.Answer(0, Duration.ofMillis(1)),
                        "b1", new LoadProbe.Answer(0, Duration.ofMillis(2)))));
        PickContext context = PickContext.none().excluding(backends(1).get(0));
        for (int i = 0; i < 1_000; i++) {
            try (Pick pick = balancer.pick(context)) {
                picks.merge(pick.backend().id(), 1, Integer::sum);
            }
        }

        assertEquals(Set.of("b1", "b2", "b3"), picks.keySet());
        assertTrue(picks.get("b1") > picks.get("b2") && picks.get("b1") > picks.get("b3"), picks.toString());
    }

    @Test
    void whatReportsSayCountsAsAnswers() throws NoBackendException {
        PrequalSettings settings =
                PrequalSettings.defaults().withProbesPerPick(0).withRemovalsPerPick(0);
        LoadBalancer balancer = LoadBalancer.over(pool(20))
                .strategy(SelectionStrategy.prequal(this::never, settings, new Random(42)))
                .build();
        for (int i = 0; i < 2_000; i++) {
            time.advance(Duration.ofMillis(1));
            try (Pick pick = balancer.pick()) {
                String id = pick.backend().id();
                picks.merge(id, 1, Integer::sum);
                pick.reported(report(1, id.equals("b3") ? 500 : 20));
            }
        }

        assertEquals(0, open.size());
        assertTrue(picks.getOrDefault("b3", 0) < 20, picks.toString());
    }

    private static LoadReport report(double inFlight, double millis) {
        Map<String, Double> metrics = Map.of("rif", inFlight, "latency_ms", millis);
        return new LoadReport(0, 0, 0, 0, 0, Map.of(), Map.of(), metrics);
    }

    @Test
    void aReportWithoutBothMetricsIsNoAnswer() {
        LoadReport none = new LoadReport(1, 0, 0, 0, 0, Map.of(), Map.of(), Map.of("rif", 1.0));

        assertTrue(LoadProbe.Answer.of(none).isEmpty());
        assertTrue(LoadProbe.Answer.of(report(-1, 1)).isEmpty());
        assertTrue(LoadProbe.Answer.of(report(1, 1e300)).isEmpty());
        assertEquals(
                new LoadProbe.Answer(2, Duration.ofMillis(3)),
                LoadProbe.Answer.of(report(2, 3)).orElseThrow());
    }

    @Test
    void threadsUseEachHintNoMoreThanItMayBe() throws InterruptedException {
        Hint hint = new Hint(
                new Probed(
                        new Prequal(this::idle, PrequalSettings.defaults(), new Random(42)),
                        backends(1).get(0)),
                0,
                0,
                0,
                1_000);
        AtomicInteger used = new AtomicInteger();

        inEightThreads(() -> {
            for (int i = 0; i < 1_000; i++) {
                used.addAndGet(hint.use() ? 1 : 0);
            }
        });

        assertEquals(1_000, used.get());
        assertEquals(1_000, hint.load());
    }

    @Test
    void eachPickOfManyThreadsSendsItsProbes() throws InterruptedException {
        LoadBalancer balancer = balancer(pool(20), this::idle);

        inEightThreads(() -> {
            for (int i = 0; i < 5_000; i++) {
                try (Pick pick = balancer.pick()) {
                    pick.report(Outcome.SUCCESS);
                } catch (NoBackendException e) {
                    throw new AssertionError(e);
                }
            }
        });

        // A probe is left out only where its place is taken by one that another thread is just sending.
        assertTrue(asked.get() > 8 * 5_000 * 3 * 0.99 && asked.get() <= 8 * 5_000 * 3, asked.toString());
    }

    private static void inEightThreads(Runnable work) throws InterruptedException {
        Set<Throwable> faults = ConcurrentHashMap.newKeySet();
        ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
        for (int t = 0; t < 8; t++) {
            Thread thread = new Thread(work);
            thread.setUncaughtExceptionHandler((failed, fault) -> faults.add(fault));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(Set.of(), faults);
    }
}
