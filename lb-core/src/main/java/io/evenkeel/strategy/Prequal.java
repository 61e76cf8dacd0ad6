package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Goes by what members answer to probes, which earlier picks have sent. A pick reads hints and uses one; when it has begun,
 * and the time is known, some hints are forgotten and the next probes are sent.
 */
final class Prequal implements SelectionStrategy {
    private final PrequalSettings settings;
    private final RandomGenerator random;
    private final Hints hints;
    private final Questions questions;
    private final RecentTime time = new RecentTime();
    private volatile ProbedMembers members = ProbedMembers.of(List.of(), this);
    private volatile double uses = 1;

    Prequal(LoadProbe probe, PrequalSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.hints = new Hints(settings.hotQuantile(), settings.maxAge().toNanos());
        this.questions = new Questions(probe, this, settings.timeout().toNanos());
    }

    @Override
    public Meter meterFor(Member member) {
        return new Probed(this, member.backend());
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        List<Member> selectable = snapshot.selectable();
        ProbedMembers bound = ProbedMembers.of(selectable, this);
        hints.keep(settings.mostOf(selectable.size()), bound::contains);
        uses = settings.usesAmong(Math.max(1, selectable.size()));
        members = bound;
        if (selectable.size() < 2) {
            return selectable.isEmpty() ? context -> null : context -> selectable.get(0);
        }
        return context -> select(bound, context);
    }

    private Member select(ProbedMembers bound, PickContext context) {
        long recently = time.now();
        for (int attempt = 0; attempt < PrequalSettings.MOST; attempt++) {
            Hint best = hints.best(recently, context, random.nextLong());
            if (best == null) {
                break;
            }
            Member member = bound.memberOf(best.about());
            boolean isUsed = member != null && best.about().take(recently) && best.use();
            if (!isUsed || best.isUsedUp()) {
                hints.remove(best);
            }
            if (member != null && isUsed) {
                return member;
            }
        }
        return bound.draw(random, recently, context);
    }

    /** A pick has begun: makes room, and asks for what the next ones go by. */
    void began(long now) {
        time.saw(now);
        questions.expire(now);
        ProbedMembers asked = members;
        if (asked.count() < 2) {
            return;
        }
        for (int i = roundAtRandom(settings.removalsPerPick()); i > 0; i--) {
            hints.removeOne(now);
        }
        int probes = roundAtRandom(settings.probesPerPick());
        if (probes > 0) {
            asked.drawSome(probes, random, one -> questions.ask(one, now));
        }
    }

    /** A member has told of its load, when it was asked then. */
    void told(Probed about, LoadProbe.Answer answer, long askedAt) {
        boolean isOldNews = about.isOldNews(answer, askedAt, random);
        long latency = isOldNews ? 0 : answer.latency().toNanos();
        hints.add(new Hint(about, answer.inFlight(), latency, askedAt, isOldNews ? 1 : roundAtRandom(uses)));
    }

    void saw(long now) {
        time.saw(now);
    }

    /** The time of the last pick or answer. */
    long now() {
        return time.now();
    }

    /** Up as often as the fraction says, so that the mean is the value. */
    private int roundAtRandom(double value) {
        int whole = (int) value;
        return value - whole > random.nextDouble() ? whole + 1 : whole;
    }
}
