package io.evenkeel.netty;

import io.evenkeel.netty.rule.ServerNames;
import io.evenkeel.pool.BackendPool;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the connections of a front end work with, by the server's name that their clients ask for. Immutable. */
final class NamedContexts {
    private final RuleContext own;
    private final ServerNames names;
    private final Map<BackendPool, RuleContext> contexts = new HashMap<>();

    private NamedContexts(RuleContext own, NamedRoutes routes) {
        this.own = own;
        this.names = routes.names();
        routes.named()
                .forEach((pool, route) -> contexts.put(
                        pool,
                        new RuleContext(
                                route,
                                own.gate(),
                                own.frontend(),
                                own.loops(),
                                own.events(),
                                own.connecting(),
                                own.own())));
    }

    /** Null if names do not matter. */
    static @Nullable NamedContexts of(RuleContext context) {
        return context.route() instanceof NamedRoutes routes ? new NamedContexts(context, routes) : null;
    }

    /** That of the rule's own pool. */
    RuleContext own() {
        return own;
    }

    long timeoutMillis() {
        return names.helloTimeout().toMillis();
    }

    /** Null if such a client is turned away; an empty name is none. */
    @Nullable
    RuleContext named(String name) {
        Optional<BackendPool> pool = names.pool(name);
        return pool.isPresent() ? contexts.getOrDefault(pool.get(), own) : names.onlyKnown() ? null : own;
    }

    /** Null if clients that do not speak TLS are turned away. */
    @Nullable
    RuleContext withoutTls() {
        return names.onlyTls() ? null : own;
    }
}
