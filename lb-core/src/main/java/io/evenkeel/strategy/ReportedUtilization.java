package io.evenkeel.strategy;

import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import java.time.Duration;

/** What backends report, carried forward by the picks in flight; who has not reported counts as the typical one. */
final class ReportedUtilization implements LoadMetric {
    /** As in gRPC proposal A58: whoever has been silent for so long may be in any state. */
    private static final long EXPIRY_NANOS = Duration.ofMinutes(3).toNanos();

    private static final long MEAN_NANOS = Duration.ofSeconds(10).toNanos();

    /** Wide enough for percents and per mille, and finite whatever comes. */
    private static final double LEAST = 1e-9;

    private static final double MOST = 1e9;

    /** Between equals, the pick goes to the one of whom nothing is known: else nothing might ever be. */
    private static final double CURIOSITY = 0.99;

    /**
     * The logarithm of utilisation for each pick, over all members. A geometric mean, because one backend that reports
     * percents where the others report parts would pull any other so high that newcomers get nothing.
     */
    private final Estimate typical = new Estimate(MEAN_NANOS);

    private final RecentTime time = new RecentTime();

    @Override
    public double of(Member member) {
        long inFlight = member.load().inFlight();
        return member.meter() instanceof Reports reports ? reports.perPick() * (inFlight + 1) : inFlight;
    }

    @Override
    public Meter meterFor(Member member) {
        return new Reports(member.load());
    }

    /** With the penalty for errors as in gRPC proposal A58, and a share of errors that is never above all of them. */
    static double utilization(LoadReport report) {
        double application = report.applicationUtilization();
        double used = application > 0 ? application : report.cpuUtilization();
        double requests = report.requestsPerSecond();
        return used > 0 && requests > 0 ? used + Math.min(1, report.errorsPerSecond() / requests) : used;
    }

    private final class Reports implements Meter {
        private final LoadStats load;
        private volatile double perPick;
        private volatile long reportedAt;

        Reports(LoadStats load) {
            this.load = load;
        }

        double perPick() {
            // In the other order than they are written: at worst, a report that is just coming in is taken for too old.
            long at = reportedAt;
            double known = perPick;
            return known > 0 && time.now() - at <= EXPIRY_NANOS ? known : CURIOSITY * Math.exp(typical.value());
        }

        @Override
        public void reported(LoadReport report, long now) {
            time.saw(now);
            double used = utilization(report);
            if (used > 0) {
                // The pick that was answered still counts here; when it is over, the next one stands in its place.
                double known = Math.max(LEAST, Math.min(MOST, used)) / Math.max(1, load.inFlight());
                perPick = known;
                reportedAt = now;
                typical.add(now, Math.log(known), 0, Ewma.AVERAGE);
            }
        }

        @Override
        public void began(long now) {
            time.saw(now);
        }

        @Override
        public void answered(long began, long now, Outcome outcome) {
            time.saw(now);
        }
    }
}
