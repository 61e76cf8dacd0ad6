package io.evenkeel.strategy;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What load means to a strategy that looks for the least of it. Called for some members at each pick, by many threads: reads
 * and computes, and nothing else.
 */
@FunctionalInterface
public interface LoadMetric {

    /** The load of a member, 0 for none; strategies divide it by the member's weight. */
    double of(Member member);

    /** A meter for a new member, which {@link #of} finds in {@link Member#meter}; none by default. */
    default @Nullable Meter meterFor(Member member) {
        return null;
    }

    /** Picks that have not ended: blind to what other clients do, and needs nothing from anybody. */
    static LoadMetric inFlight() {
        return new InFlight();
    }

    /**
     * Latency times picks in flight. A latency above the estimate replaces it at once, and the estimate then falls
     * exponentially until it meets the latencies again. It sees a slow backend after its first slow answer; and it
     * shuns one that has recovered for some time constants. A pick that is cancelled counts if it has taken longer than that. A quick
     * failure looks quick: eject failing members ({@code OutlierPolicy}).
     *
     * @param decay the time constant, above 0; Finagle's default is 10 s. Below that, slow members are tried too often
     * @see "Finagle's PeakEwma load balancer, and the experiment in Linkerd's Beyond Round Robin, 2016"
     */
    static LoadMetric peakEwma(Duration decay) {
        return new Ewma(checkDecay(decay), Ewma.PEAK);
    }

    /**
     * Latency times picks in flight, by an average over time: steadier than {@link #peakEwma} where latencies scatter, and
     * slower to see a member that has become slow. A pick that is cancelled counts if it has taken longer than that.
     *
     * @param decay the time constant, above 0
     */
    static LoadMetric averageEwma(Duration decay) {
        return new Ewma(checkDecay(decay), Ewma.AVERAGE);
    }

    private static long checkDecay(Duration decay) {
        checkArgument(
                decay.compareTo(Duration.ofMillis(1)) >= 0 && decay.compareTo(Duration.ofDays(1)) <= 0,
                "decay: %s (expected: 1 ms to 1 day)",
                decay);
        return decay.toNanos();
    }

    /**
     * The utilisation that the backends report ({@link io.evenkeel.orca.LoadReport}), so that a server of twice the power
     * gets twice the picks: by its own measure if it gives one, else that of its processors, plus its share of failed
     * requests. What is in flight now, in proportion to what was at the time of the report, carries it forward: else all
     * clients would run to whoever had reported little, until the next report.
     *
     * <p>A member that has not reported for 3 minutes counts as a typical one; where nobody reports, picks in flight
     * decide. Weights say how much busier one member may be than another: leave them equal if nobody is to be. A member
     * that fails its requests quickly and reports nothing looks as idle as it is: eject it ({@code OutlierPolicy}).
     *
     * @see "gRPC proposal A58, client-side weighted round robin, for expiry and penalty"
     */
    static LoadMetric reportedUtilization() {
        return new ReportedUtilization();
    }
}
