package io.evenkeel.outlier;

import io.evenkeel.pool.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compares members by what they did in one interval. All are measured once, and judged by the same figures. */
final class Sweep {
    /** One member's interval. */
    record Tally(Member member, long successes, long failures) {
        long volume() {
            return successes + failures;
        }

        double successRate() {
            return (double) successes / volume();
        }
    }

    /** Who is an outlier, and why. */
    record Finding(Member member, String reason) {}

    private Sweep() {}

    static List<Finding> of(List<Tally> tallies, Rates rates) {
        List<Tally> judged = tallies.stream()
                .filter(tally -> tally.volume() >= rates.minimumVolume())
                .toList();
        List<Finding> findings = new ArrayList<>();
        if (judged.size() < rates.minimumMembers()) {
            return findings;
        }
        double mean = judged.stream().mapToDouble(Tally::successRate).average().orElse(1);
        double variance = judged.stream()
                .mapToDouble(tally -> Math.pow(tally.successRate() - mean, 2))
                .average()
                .orElse(0);
        double threshold = mean - rates.deviations() * Math.sqrt(variance);
        for (Tally tally : judged) {
            double rate = tally.successRate();
            if (rates.failurePercent() > 0 && tally.failures() * 100 >= rates.failurePercent() * tally.volume()) {
                findings.add(new Finding(
                        tally.member(),
                        String.format(Locale.ROOT, "%.0f %% of %d failed", 100 * (1 - rate), tally.volume())));
            } else if (rates.deviations() > 0 && rate < threshold && mean - rate >= rates.minimumGap()) {
                findings.add(new Finding(
                        tally.member(),
                        String.format(
                                Locale.ROOT, "%.1f %% succeeded, where %.1f %% is the mean", 100 * rate, 100 * mean)));
            }
        }
        return findings;
    }
}
