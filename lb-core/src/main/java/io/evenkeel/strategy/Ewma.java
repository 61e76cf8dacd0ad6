package io.evenkeel.strategy;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;

/** Latency times queue: how long one more would wait here, if each that is in flight takes as long as the last ones did. */
final class Ewma implements Readings.Direct {
    /** One above the other: a new peak counts at once and is forgotten slowly. */
    static final Estimate.Blend PEAK = (old, sample, gain) -> Math.max(sample, old * (1 - gain));

    /** The longer nothing was heard, the more the sample counts. */
    static final Estimate.Blend AVERAGE = (old, sample, gain) -> old + (sample - old) * gain;

    /** What a member costs that has been asked and has not yet answered for the first time: it gets one trial. */
    static final double UNKNOWN = (1L << 47) - 1;

    private final long decayNanos;
    private final Estimate.Blend blend;
    private final RecentTime time = new RecentTime();

    Ewma(long decayNanos, Estimate.Blend blend) {
        this.decayNanos = decayNanos;
        this.blend = blend;
    }

    @Override
    public double of(Member member) {
        return latencyOf(member).cost(time.now());
    }

    /** Without its meters a metric has only what is in flight to go by, as of members that have not answered yet. */
    private Latency latencyOf(Member member) {
        return member.meter() instanceof Latency latency ? latency : new Latency(member.load());
    }

    @Override
    public Readings readings() {
        return new Costs(new Latency[0]);
    }

    private final class Costs implements Readings {
        private final Latency[] latencies;

        Costs(Latency[] latencies) {
            this.latencies = latencies;
        }

        @Override
        public double at(int place) {
            return latencies[place].cost(time.now());
        }

        @Override
        public Readings next(Lineup lineup) {
            return new Costs(lineup.carry(latencies, Ewma.this::latencyOf));
        }
    }

    static double cost(Estimate estimate, long inFlight, long now) {
        if (estimate.isUnknown()) {
            return inFlight == 0 ? 0 : UNKNOWN + inFlight;
        }
        return estimate.relaxed(now, 0) * (inFlight + 1);
    }

    @Override
    public Meter meterFor(Member member) {
        return new Latency(member.load());
    }

    /** An estimate and not only the owner of one, which would be one more place to read for each pick. */
    final class Latency extends Estimate implements Meter {
        private final LoadStats load;

        Latency(LoadStats load) {
            super(decayNanos);
            this.load = load;
        }

        double cost(long now) {
            return Ewma.cost(this, load.inFlight(), now);
        }

        @Override
        public void began(long now) {
            time.saw(now);
        }

        @Override
        public void answered(long began, long now, Outcome outcome) {
            time.saw(now);
            double took = Math.max(1.0, (double) (now - began));
            if (outcome != Outcome.CANCELLED || isLongerThanKnown(took, now)) {
                add(now, took, 0, blend);
            }
        }

        /** What was cancelled would have taken longer still: so it counts if it raises what is known. */
        private boolean isLongerThanKnown(double took, long now) {
            return !isUnknown() && took > relaxed(now, 0);
        }
    }
}
