package io.evenkeel.okhttp;

import io.evenkeel.LoadBalancer;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/** An origin, the balancer that serves it, and the detours to the members of its pool. */
final class BalancedOrigin {
    private final Origin origin;
    private final LoadBalancer balancer;

    /** By load: that is the same object for as long as a backend of one id and address stays in the pool. */
    private final ConcurrentMap<LoadStats, Detour> detours = new ConcurrentHashMap<>();

    private volatile @Nullable PoolSnapshot seen;

    BalancedOrigin(Origin origin, LoadBalancer balancer) {
        this.origin = origin;
        this.balancer = balancer;
    }

    Origin origin() {
        return origin;
    }

    LoadBalancer balancer() {
        return balancer;
    }

    /** The one detour to this member for clients of these look-ups and sockets. */
    Detour detourTo(Member member, Interceptor.Chain chain) {
        PoolSnapshot now = balancer.pool().snapshot();
        if (now != seen) {
            forgetAllBut(now);
        }
        Detour known = detours.get(member.load());
        if (known == null) {
            // A member that has just left is remembered until the next change of the pool.
            known = detours.computeIfAbsent(
                    member.load(),
                    load -> new Detour(origin, member.backend(), chain.getDns(), chain.getSocketFactory()));
        }
        return known.over(chain.getDns(), chain.getSocketFactory());
    }

    /** How many detours are remembered. */
    int detours() {
        return detours.size();
    }

    /** Two threads may do this at once: a detour that is forgotten by mistake is made anew, equal to the old one. */
    private void forgetAllBut(PoolSnapshot now) {
        seen = now;
        Set<LoadStats> staying = now.members().stream().map(Member::load).collect(Collectors.toSet());
        detours.keySet().retainAll(staying);
    }
}
