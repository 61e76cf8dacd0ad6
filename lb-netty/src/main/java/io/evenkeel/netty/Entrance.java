package io.evenkeel.netty;

import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.SecurityGroup;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Decides who may come in at a front end, before anything is spent on them. */
final class Entrance {
    private final Frontend frontend;
    private final @Nullable SecurityGroup group;
    private final @Nullable SourceLimit limit;
    private final FlowRefusedException denied;
    private final FlowRefusedException tooMany;

    private Entrance(Frontend frontend, long nowNanos) {
        this.frontend = frontend;
        this.group = frontend.securityGroup().orElse(null);
        this.denied = new FlowRefusedException(frontend + ": " + group + " does not let this source in");
        int perSecond = frontend.newFlowsPerSecond();
        this.limit = perSecond == 0 ? null : new SourceLimit(perSecond, frontend.newFlowBurst(), nowNanos);
        this.tooMany = new FlowRefusedException(
                frontend + ": more than " + perSecond + " new flows a second from this source");
    }

    static Entrance of(RuleContext context) {
        return new Entrance(context.frontend(), context.loops().now());
    }

    /** The one of the same front end after a change of the rules; goes on counting where nothing has changed. */
    Entrance following(RuleContext next) {
        return frontend.equals(next.frontend()) ? this : of(next);
    }

    /** Throws if a new flow may not come in. {@code port} is the one the front end really listens on. */
    void check(InetAddress source, int port, long nowNanos) throws FlowRefusedException {
        if (group != null && !group.allows(source, port)) {
            throw denied;
        }
        if (limit != null && !limit.admits(source, nowNanos)) {
            throw tooMany;
        }
    }
}
