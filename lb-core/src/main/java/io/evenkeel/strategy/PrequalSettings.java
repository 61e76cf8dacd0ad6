package io.evenkeel.strategy;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;

/**
 * How many probes {@link SelectionStrategy#prequal} sends, and what their answers are good for. Immutable; start from
 * {@link #defaults}.
 *
 * @param probesPerPick 0 to 16, 3 by default; parts of one are sent as often. 0 sends none: then only reports in answers
 *     count ({@link LoadProbe.Answer#of})
 * @param removalsPerPick answers that are forgotten with each pick, 0 to 16, oldest and worst in turn; 1 by default
 * @param most answers that are remembered, 2 to 16, and no more than a
 *     quarter of the members, but 4, or 2 of fewer than 8; 16 by default
 * @param maxAge answers to older questions are forgotten, 1 ms to 1 hour; 1 s by default
 * @param timeout a probe that takes longer has failed, 1 ms to 1 hour; 100 ms by default. The paper's 3 ms suit a
 *     data centre, and servers that do not pause
 * @param hotQuantile whoever has more in flight than this share of the recent answers is hot, 0 to 1; 2^-0.25 = 0.84 by
 *     default. 0 looks at requests in flight alone, 1 at latency alone; the paper recommends 0.6 to 0.9
 * @param surplus how many more uses than picks the remembered answers are to have, above 0; 1 by default
 * @see "Wydrowski et al., Load is not what you should balance: Introducing Prequal, NSDI 2024, for all defaults but the
 *     timeout"
 */
public record PrequalSettings(
        double probesPerPick,
        double removalsPerPick,
        int most,
        Duration maxAge,
        Duration timeout,
        double hotQuantile,
        double surplus) {
    static final int MOST = 16;

    /** Where more answers are removed than come in, no number of uses would do. */
    private static final double MOST_USES = 100;

    private static final int MOST_IN_SMALL_POOLS = 4;

    private static final int LONGEST_HOURS = 1;

    /** Checks each component. */
    public PrequalSettings {
        checkArgument(
                probesPerPick >= 0 && probesPerPick <= MOST, "probesPerPick: %s (expected: 0 to 16)", probesPerPick);
        checkArgument(
                removalsPerPick >= 0 && removalsPerPick <= MOST,
                "removalsPerPick: %s (expected: 0 to 16)",
                removalsPerPick);
        checkArgument(most >= 2 && most <= MOST, "most: %s (expected: 2 to 16)", most);
        check("maxAge", maxAge);
        check("timeout", timeout);
        checkArgument(hotQuantile >= 0 && hotQuantile <= 1, "hotQuantile: %s (expected: 0 to 1)", hotQuantile);
        checkArgument(surplus > 0 && surplus < 1e6, "surplus: %s (expected: > 0)", surplus);
    }

    private static void check(String name, Duration value) {
        checkArgument(
                value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(Duration.ofHours(LONGEST_HOURS)) <= 0,
                "%s: %s (expected: 1 ms to 1 hour)",
                name,
                value);
    }

    /** 3 probes and 1 removal for each pick, 16 answers, 1 s, 100 ms, 0.84 and 1. */
    public static PrequalSettings defaults() {
        return new PrequalSettings(3, 1, MOST, Duration.ofSeconds(1), Duration.ofMillis(100), Math.pow(2, -0.25), 1);
    }

    /** The same with another number of probes. */
    public PrequalSettings withProbesPerPick(double probesPerPick) {
        return new PrequalSettings(probesPerPick, removalsPerPick, most, maxAge, timeout, hotQuantile, surplus);
    }

    /** The same with another number of removals. */
    public PrequalSettings withRemovalsPerPick(double removalsPerPick) {
        return new PrequalSettings(probesPerPick, removalsPerPick, most, maxAge, timeout, hotQuantile, surplus);
    }

    /** The same with another number of answers. */
    public PrequalSettings withMost(int most) {
        return new PrequalSettings(probesPerPick, removalsPerPick, most, maxAge, timeout, hotQuantile, surplus);
    }

    /** The same with another age. */
    public PrequalSettings withMaxAge(Duration maxAge) {
        return new PrequalSettings(probesPerPick, removalsPerPick, most, maxAge, timeout, hotQuantile, surplus);
    }

    /** The same with another timeout. */
    public PrequalSettings withTimeout(Duration timeout) {
        return new PrequalSettings(probesPerPick, removalsPerPick, most, maxAge, timeout, hotQuantile, surplus);
    }

    /** The same with another quantile. */
    public PrequalSettings withHotQuantile(double hotQuantile) {
        return new PrequalSettings(probesPerPick, removalsPerPick, most, maxAge, timeout, hotQuantile, surplus);
    }

    /** The same with another surplus. */
    public PrequalSettings withSurplus(double surplus) {
        return new PrequalSettings(probesPerPick, removalsPerPick, most, maxAge, timeout, hotQuantile, surplus);
    }

    /**
     * Half of the members, as the paper allows at most, is too many: each answer would be used four times and be five picks
     * old, and many clients would run to the same member. Four, or two in small pools, are needed for a choice.
     */
    int mostOf(int members) {
        int few = Math.min(MOST_IN_SMALL_POOLS, Math.max(2, members / 2));
        return Math.min(most, Math.max(few, members / 4));
    }

    /** How often an answer may be used, on the average: equation 1 of the paper. */
    double usesAmong(int members) {
        double gained = (1 - (double) mostOf(members) / members) * probesPerPick - removalsPerPick;
        return gained > 0 ? Math.min(MOST_USES, Math.max(1, (1 + surplus) / gained)) : MOST_USES;
    }
}
