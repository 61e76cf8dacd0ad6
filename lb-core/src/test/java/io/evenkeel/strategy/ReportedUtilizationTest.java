package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.sun.management.ThreadMXBean;
import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.Pools;
import io.evenkeel.testing.Vectors;
import io.evenkeel.testing.VirtualTime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportedUtilizationTest implements SelectionStrategyContract {
    private final VirtualTime time = new VirtualTime();
    private final LoadMetric metric = LoadMetric.reportedUtilization();
    private final List<Member> members = BackendPool.builder("test")
            .backends(backends(3))
            .nanoClock(time::nanoTime)
            .build()
            .snapshot()
            .metered(metric::meterFor)
            .selectable();

    @Override
    public SelectionStrategy strategy() {
        return SelectionStrategy.leastLoaded(2, LoadMetric.reportedUtilization(), new Random(42));
    }

    private static LoadReport report(double processor) {
        return report(processor, 0, 0, 0);
    }

    private static LoadReport report(double processor, double application, double requests, double errors) {
        return new LoadReport(processor, 0, application, requests, errors, Map.of(), Map.of(), Map.of());
    }

    private double loadOf(int member) {
        return metric.of(members.get(member));
    }

    private void passMinutes(int minutes) {
        time.advance(Duration.ofMinutes(minutes));
        members.get(2).pick().close(); // whoever picks tells the time
    }

    @Test
    @Tag("strategy")
    @DisplayName("3 reported utilisation with its penalty for errors is that of gRPC's weights")
    void utilizationIsThatOfWeights() {
        JsonObject weight = Vectors.objects("orca.json", "cases")
                .filter(c -> c.has("formula"))
                .findFirst()
                .orElseThrow();
        int compared = 0;

        for (JsonElement element : weight.getAsJsonArray("examples")) {
            JsonObject example = element.getAsJsonObject();
            double requests = example.get("qps").getAsDouble();
            double expected = example.get("weight").getAsDouble();
            if (example.get("penalty").getAsInt() == 1 && expected > 0) {
                double utilization = ReportedUtilization.utilization(report(
                        example.get("utilization").getAsDouble(),
                        0,
                        requests,
                        example.get("eps").getAsDouble()));
                assertEquals(expected, requests / utilization, 1e-6, example.toString());
                compared++;
            }
        }

        assertEquals(3, compared);
    }

    @ParameterizedTest
    @CsvSource({
        "the processor's where there is no other, 0.3, 0, 0, 0, 0.3",
        "the backend's own measure first, 0.3, 0.8, 0, 0, 0.8",
        "errors need a rate of requests, 0.3, 0, 0, 5, 0.3",
        "never more errors than requests, 0.3, 0, 2, 500, 1.3",
        "errors alone say nothing, 0, 0, 10, 5, 0",
    })
    void whatCountsIs(String what, double cpu, double application, double requests, double errors, double expected) {
        assertEquals(expected, ReportedUtilization.utilization(report(cpu, application, requests, errors)), what);
    }

    @Test
    void loadGrowsAndShrinksWithThePicksInFlight() {
        Member member = members.get(0);
        Pick first = member.pick();
        Pick second = member.pick();
        first.reported(report(0.4));

        assertEquals(0.6, loadOf(0), 1e-9); // with one pick more, three stand where two stood
        first.report(Outcome.SUCCESS);
        assertEquals(0.4, loadOf(0), 1e-9);
        second.report(Outcome.SUCCESS);
        assertEquals(0.2, loadOf(0), 1e-9);
    }

    @Test
    void aReportThatComesAfterTheEndOfItsPickCounts() {
        Pick pick = members.get(0).pick();
        pick.report(Outcome.TIMEOUT);

        time.advance(Duration.ofSeconds(5));
        pick.reported(report(0.9));

        assertEquals(0.9, loadOf(0), 1e-9);
    }

    @Test
    void theLatestReportCounts() {
        Pick pick = members.get(0).pick();

        pick.reported(report(0.9));
        pick.reported(report(0.1));
        pick.reported(report(0)); // does not say

        assertEquals(0.1, loadOf(0) / 2, 1e-9);
    }

    @Test
    void afterThreeMinutesAReportDoesNotCount() {
        members.get(0).pick().reported(report(0.9));
        members.get(1).pick().reported(report(0.1));

        passMinutes(3);
        assertEquals(0.9, loadOf(0) / 2, 1e-9);
        passMinutes(1);

        assertEquals(loadOf(1), loadOf(0), 1e-9);
    }

    @Test
    void whoHasNotReportedIsTheTypicalMember() {
        for (int i = 0; i < 600; i++) {
            time.advance(Duration.ofMillis(100));
            try (Pick pick = members.get(i % 2).pick()) {
                pick.reported(report(i % 2 == 0 ? 0.2 : 0.8));
            }
        }

        // The geometric mean of 0.2 and 0.8, less a hundredth; each report moves it by 0.1 s of 10 s, or that part of
        // the way.
        assertEquals(0.4 * 0.99, loadOf(2), 0.01);
    }

    @Test
    void oneBackendThatReportsPercentsMakesNobodyElseLookHeavy() {
        members.get(0).pick().reported(report(95));
        for (int i = 0; i < 600; i++) {
            time.advance(Duration.ofMillis(100));
            try (Pick pick = members.get(1).pick()) {
                pick.reported(report(0.5));
            }
        }
        members.get(0).pick().reported(report(95));

        // Sixty seconds take 99.75 % of the first one away, and the last weighs nothing: no time passed before it.
        assertEquals(0.5 * 0.99, loadOf(2), 0.01);
    }

    @Test
    void betweenEqualsTheUnknownOneIsAsked() {
        try (Pick pick = members.get(0).pick()) {
            pick.reported(report(0.9));
        }

        assertTrue(loadOf(1) < loadOf(0));
    }

    @Test
    void withoutAnyReportPicksInFlightDecide() {
        members.get(0).pick();
        members.get(0).pick();
        members.get(1).pick();

        assertEquals(3, loadOf(0) / loadOf(2), 1e-9);
        assertEquals(2, loadOf(1) / loadOf(2), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"1e308, 1e300, 1e-300", "5e-324, 0, 0", "1e-9, 1e-300, 1e300"})
    void extremesLeaveTheOthersComparable(double processor, double errors, double requests) {
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(1));
            members.get(0).pick().reported(report(processor, 0, requests, errors));
        }

        assertTrue(loadOf(2) > 0 && loadOf(2) < 1e12, "typical " + loadOf(2));
    }

    @Test
    void aNewcomerIsFilledLikeTheOthers() throws NoBackendException {
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(3))
                .nanoClock(time::nanoTime)
                .build();
        try (LoadBalancer balancer =
                LoadBalancer.over(pool).strategy(strategy()).build()) {
            for (int i = 0; i < 300; i++) {
                time.advance(Duration.ofMillis(10));
                try (Pick pick = balancer.pick()) {
                    pick.reported(report(0.5));
                }
            }
            pool.add(Pools.backend(3));

            for (int i = 0; i < 4_000; i++) {
                balancer.pick(); // stays open
            }

            // Equal reports and the typical one make equal costs: then two choices leave ln ln n / ln 2 + O(1) between
            // them.
            long open = Pools.member(pool, "b3").load().inFlight();
            assertTrue(Math.abs(open - 1_008) <= 10, open + " of 4,000 are open");
        }
    }

    @Test
    void readingAndReportingAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Pick pick = members.get(0).pick();
        LoadReport report = report(0.5, 0.6, 10, 1);
        double sum = 0;
        for (int i = 0; i < 1_000; i++) { // loads the classes
            pick.reported(report);
            sum += loadOf(0) + loadOf(1);
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            pick.reported(report);
            sum += loadOf(0) + loadOf(1);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(sum > 0 && allocated < 100_000, allocated + " bytes");
    }
}
