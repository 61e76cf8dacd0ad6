package io.evenkeel.examples;

import io.evenkeel.backend.BackendState;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each member of a pool does just now: the difference of two readings of what it has done so far. For one thread. */
final class MemberRates {
    private Map<LoadStats, Reading> readings = Map.of();
    private long readAt;

    private record Reading(long picks, long timedPicks, Duration totalLatency) {
        static final Reading NONE = new Reading(0, 0, Duration.ZERO);

        static Reading of(LoadStats load) {
            return new Reading(load.picks(), load.timedPicks(), load.totalLatency());
        }
    }

    /**
     * One member since the reading before.
     *
     * @param perSecond picks
     * @param latency the mean of the answers; zero where there was none
     */
    record Rate(String id, BackendState state, long inFlight, double perSecond, Duration latency) {}

    /** Starts with what is there at {@code now}, in nanoseconds. */
    MemberRates(PoolSnapshot snapshot, long now) {
        read(snapshot, now);
    }

    /** One for each member, since the last call. */
    List<Rate> read(PoolSnapshot snapshot, long now) {
        double seconds = (now - readAt) / 1e9;
        List<Rate> rates = new ArrayList<>();
        Map<LoadStats, Reading> present = new HashMap<>(); // and members that have left are forgotten
        for (Member member : snapshot.members()) {
            Reading reading = Reading.of(member.load());
            rates.add(rate(member, readings.getOrDefault(member.load(), Reading.NONE), reading, seconds));
            present.put(member.load(), reading);
        }
        readings = present;
        readAt = now;
        return rates;
    }

    private static Rate rate(Member member, Reading before, Reading now, double seconds) {
        long timed = now.timedPicks() - before.timedPicks();
        Duration latency = timed == 0
                ? Duration.ZERO
                : now.totalLatency().minus(before.totalLatency()).dividedBy(timed);
        return new Rate(
                member.backend().id(),
                member.state(),
                member.load().inFlight(),
                (now.picks() - before.picks()) / seconds,
                latency);
    }
}
