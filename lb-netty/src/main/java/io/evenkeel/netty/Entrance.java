package io.evenkeel.netty;

import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.netty.rule.SecurityRule;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Decides who may come in at a front end, before anything is spent on them. */
final class Entrance {
    private final Frontend frontend;
    private final @Nullable SecurityGroup group;
    private final @Nullable SecurityGroup proxies;
    private final @Nullable SourceLimit limit;
    private final FlowRefusedException denied;
    private final FlowRefusedException tooMany;
    private final FlowRefusedException noProxy;

    private Entrance(Frontend frontend, long nowNanos) {
        this.frontend = frontend;
        this.group = frontend.securityGroup().orElse(null);
        this.denied = new FlowRefusedException(frontend + ": " + group + " does not let this source in");
        int perSecond = frontend.newFlowsPerSecond();
        this.limit = perSecond == 0 ? null : new SourceLimit(perSecond, frontend.newFlowBurst(), nowNanos);
        this.tooMany = new FlowRefusedException(
                frontend + ": more than " + perSecond + " new flows a second from this source");
        String[] trusted = frontend.trustedProxies().toArray(String[]::new);
        this.proxies =
                trusted.length == 0 ? null : SecurityGroup.of("proxies", SecurityRule.allow(100, "trusted", trusted));
        this.noProxy = new FlowRefusedException(frontend + ": not a trusted proxy");
    }

    static Entrance of(RuleContext context) {
        return new Entrance(context.frontend(), context.loops().now());
    }

    /** The one of the same front end after a change of the rules; goes on counting where nothing has changed. */
    Entrance following(RuleContext next) {
        return frontend.equals(next.frontend()) ? this : of(next);
    }

    /** Whether this is a proxy, which must say who its client is. Throws if only proxies may come, and this is none. */
    boolean isProxy(InetAddress source, int port) throws FlowRefusedException {
        if (proxies != null && !proxies.allows(source, port)) {
            throw noProxy;
        }
        return proxies != null;
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
