package io.evenkeel.netty;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.ServerNames;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.PickContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The routes of a rule that has pools by server name: to its own pool, and to each of the others, for which the rule is as
 * if it had that pool alone.
 */
record NamedRoutes(Balanced own, ServerNames names, Map<BackendPool, Balanced> named) implements Route {
    static NamedRoutes of(LoadBalancingRule rule, ServerNames names, HashSecret secret) {
        NamedRoutes routes = new NamedRoutes(Balanced.of(rule, secret), names, new HashMap<>());
        try {
            for (BackendPool pool : names.pools().values()) {
                if (pool != rule.pool() && !routes.named.containsKey(pool)) {
                    routes.named.put(pool, Balanced.of(only(pool, rule, names), secret));
                }
            }
            return routes;
        } catch (Throwable e) { // such as of what makes strategies
            routes.close();
            throw e;
        }
    }

    private static LoadBalancingRule only(BackendPool pool, LoadBalancingRule rule, ServerNames names) {
        return new LoadBalancingRule(
                rule.name(),
                rule.frontends(),
                pool,
                rule.backendPort(),
                rule.sessionPersistence(),
                names.strategies().map(strategies -> strategies.get()),
                Optional.empty(),
                rule.options());
    }

    @Override
    public LoadBalancingRule rule() {
        return own.rule();
    }

    @Override
    public PickContext context(InetSocketAddress client, InetSocketAddress destination) {
        return own.context(client, destination);
    }

    @Override
    public Pick pick(PickContext context) throws IOException {
        return own.pick(context);
    }

    @Override
    public boolean mayStay(Member member, PoolSnapshot snapshot) {
        return own.mayStay(member, snapshot);
    }

    @Override
    public void close() {
        own.close();
        named.values().forEach(Route::close);
    }
}
