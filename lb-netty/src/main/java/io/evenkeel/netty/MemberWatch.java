package io.evenkeel.netty;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/** Whether the member of a connection has been lost for too long. */
final class MemberWatch {
    private final Route route;
    private final Member member;
    private @Nullable PoolSnapshot seen;
    private boolean lost;
    private long lostSinceNanos;

    MemberWatch(Route route, Member member) {
        this.route = route;
        this.member = member;
    }

    boolean isOver(long now) {
        long graceNanos = route.graceNanos();
        if (graceNanos == Route.FOR_EVER) {
            return false;
        }
        PoolSnapshot snapshot = route.rule().pool().snapshot();
        if (snapshot != seen) {
            seen = snapshot;
            boolean wasLost = lost;
            lost = !route.mayStay(member, snapshot);
            if (lost && !wasLost) {
                lostSinceNanos = now;
            }
        }
        return lost && now - lostSinceNanos >= graceNanos;
    }
}
