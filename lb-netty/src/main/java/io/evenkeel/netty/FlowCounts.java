package io.evenkeel.netty;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The open flows of one rule, also by client address. Goes on when the rule is changed, so that no flow is forgotten. */
final class FlowCounts {
    private final FlowCount all = new FlowCount();
    private final ConcurrentMap<InetAddress, Integer> bySource = new ConcurrentHashMap<>();

    FlowCount all() {
        return all;
    }

    /** Counts one more of this source, unless there are so many already. */
    boolean enter(InetAddress source, int limit) {
        boolean[] entered = new boolean[1];
        bySource.compute(source, (key, open) -> {
            int before = open == null ? 0 : open;
            entered[0] = before < limit;
            return entered[0] ? Integer.valueOf(before + 1) : open;
        });
        return entered[0];
    }

    void leave(InetAddress source) {
        bySource.computeIfPresent(source, (key, open) -> open == 1 ? null : Integer.valueOf(open - 1));
    }

    /** How many sources have a flow. */
    int sources() {
        return bySource.size();
    }
}
