package io.evenkeel.netty;

import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.SecurityGroup;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Decides who may come in at a front end, before anything is spent on them. */
final class Entrance {
    private final @Nullable SecurityGroup group;
    private final @Nullable SourceLimit limit;
    private final String denied;
    private final String tooMany;

    Entrance(Frontend frontend, long nowNanos) {
        this.group = frontend.securityGroup().orElse(null);
        this.denied = frontend + ": " + group + " does not let this source in";
        int perSecond = frontend.newFlowsPerSecond();
        this.limit = perSecond == 0 ? null : new SourceLimit(perSecond, frontend.newFlowBurst(), nowNanos);
        this.tooMany = frontend + ": more than " + perSecond + " new flows a second from this source";
    }

    /** Why a new flow is not let in; null if it is. {@code port} is the one the front end really listens on. */
    @Nullable
    Refusal refusal(InetAddress source, int port, long nowNanos) {
        if (group != null && !group.allows(source, port)) {
            return new Refusal(denied);
        }
        return limit == null || limit.admits(source, nowNanos) ? null : new Refusal(tooMany);
    }
}
