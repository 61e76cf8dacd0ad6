package io.evenkeel.okhttp;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import io.evenkeel.event.Subscription;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** An origin, the balancer that serves it, and the ways to the members of its pool. */
final class BalancedOrigin {
    private static final int SWITCHING_PROTOCOLS = 101;

    private final Origin origin;
    private final LoadBalancer balancer;
    private final LogicalHosts hosts;
    private final Lifetime lifetime;
    private final Function<Backend, Optional<String>> tlsNameOf;

    /** By load: that is the same object for as long as a backend of one id and address stays in the pool. */
    private final ConcurrentMap<LoadStats, Way> ways = new ConcurrentHashMap<>();

    private final OpenAnswers openAnswers;

    private BalancedOrigin(
            Origin origin,
            LoadBalancer balancer,
            LogicalHosts hosts,
            Lifetime lifetime,
            Function<Backend, Optional<String>> tlsNameOf) {
        this.origin = origin;
        this.balancer = balancer;
        this.hosts = hosts;
        this.lifetime = lifetime;
        this.tlsNameOf = tlsNameOf;
        this.openAnswers = new OpenAnswers(
                balancer.pool(), lifetime.nanoClock(), lifetime.policy().leakAge());
    }

    /** One that follows its pool for as long as somebody uses it. */
    static BalancedOrigin of(
            Origin origin,
            LoadBalancer balancer,
            LogicalHosts hosts,
            Lifetime lifetime,
            Function<Backend, Optional<String>> tlsNameOf) {
        BalancedOrigin made = new BalancedOrigin(origin, balancer, hosts, lifetime, tlsNameOf);
        Follower follower = new Follower(new WeakReference<>(made));
        follower.subscription = balancer.pool().subscribe(follower);
        return made;
    }

    Origin origin() {
        return origin;
    }

    LoadBalancer balancer() {
        return balancer;
    }

    /** The one way to this member. */
    Way wayTo(Member member, Interceptor.Chain chain) {
        Way known = ways.get(member.load());
        return known != null ? known : newWayTo(member, chain);
    }

    private Way newWayTo(Member member, Interceptor.Chain chain) {
        LoadStats load = member.load();
        Way made = ways.computeIfAbsent(load, added -> newWay(member.backend(), chain));
        if (serving(balancer.pool().snapshot()).noneMatch(other -> other == load)) {
            made.shut(); // it has left since it was picked; remembered until the next change of the pool
        }
        return made;
    }

    private Way newWay(Backend backend, Interceptor.Chain chain) {
        Detour detour = new Detour(origin, backend, hosts, chain.getDns(), chain.getSocketFactory());
        return new Way(
                detour, lifetime, origin.https() ? tlsNameOf.apply(backend).orElse(null) : null);
    }

    /** Those who get picks, or would if those before them failed. */
    private static Stream<LoadStats> serving(PoolSnapshot snapshot) {
        return Stream.concat(snapshot.selectable().stream(), snapshot.reserve().stream())
                .map(Member::load);
    }

    /** Watches over an answer whose body goes on; but not over a web socket, which is meant to last. */
    void answered(Trip trip, Response response) {
        if (trip.outcome() == null && response.code() != SWITCHING_PROTOCOLS) {
            openAnswers.add(trip);
        }
    }

    /** How many ways are remembered. */
    int ways() {
        return ways.size();
    }

    /**
     * Closes the ways to those who get no picks. Who is forgotten by mistake, since he came just now, gets a new way at the
     * next call.
     */
    private synchronized void follow() {
        PoolSnapshot now = balancer.pool().snapshot();
        Set<LoadStats> staying = now.members().stream().map(Member::load).collect(Collectors.toSet());
        Set<LoadStats> serving = serving(now).collect(Collectors.toSet());
        ways.forEach((load, way) -> {
            if (!staying.contains(load)) {
                ways.remove(load);
            }
            if (serving.contains(load)) {
                way.open();
            } else {
                way.shut();
            }
        });
    }

    /** Hears of each change of the pool. Lets go of an origin that nobody uses any more, so that nobody must close one. */
    private static final class Follower implements Consumer<PoolSnapshot> {
        private final WeakReference<BalancedOrigin> origin;
        private volatile @Nullable Subscription subscription;

        Follower(WeakReference<BalancedOrigin> origin) {
            this.origin = origin;
        }

        @Override
        public void accept(PoolSnapshot snapshot) {
            BalancedOrigin follower = origin.get();
            Subscription mine = subscription;
            if (follower != null) {
                follower.follow();
            } else if (mine != null) {
                mine.close();
            }
        }
    }
}
