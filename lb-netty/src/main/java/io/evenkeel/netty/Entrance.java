package io.evenkeel.netty;

import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.SecurityGroup;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Decides who may come in at a front end, before anything is spent on them. */
final class Entrance {
    private final @Nullable SecurityGroup group;
    private final String denied;

    Entrance(Frontend frontend) {
        this.group = frontend.securityGroup().orElse(null);
        this.denied = frontend + ": " + group + " does not let this source in";
    }

    /** Why a new flow is not let in; null if it is. {@code port} is the one the front end really listens on. */
    @Nullable
    Refusal refusal(InetAddress source, int port) {
        return group == null || group.allows(source, port) ? null : new Refusal(denied);
    }
}
