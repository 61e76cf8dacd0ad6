package io.evenkeel.netty;

import com.google.common.net.InetAddresses;
import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.affinity.Affinity;
import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.HashSecret;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.SessionPersistence;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.MaglevOptions;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** How a rule finds the backend of a flow. */
sealed interface Route permits Route.Balanced, Route.Fixed, NamedRoutes {
    /** No limit. */
    long FOR_EVER = Long.MAX_VALUE;

    static Route of(Rule rule, HashSecret secret) {
        if (rule instanceof InboundNatRule nat) {
            return new Fixed(nat);
        }
        LoadBalancingRule balancing = (LoadBalancingRule) rule;
        return balancing.serverNames().isEmpty()
                ? Balanced.of(balancing, secret)
                : NamedRoutes.of(balancing, balancing.serverNames().get(), secret);
    }

    Rule rule();

    PickContext context(InetSocketAddress client, InetSocketAddress destination);

    /** A member that is not excluded; an exception that says why there is none. */
    Pick pick(PickContext context) throws IOException;

    /** How long a TCP connection may go on when it {@linkplain #mayStay may not stay}; {@link #FOR_EVER} if it may. */
    default long graceNanos() {
        return rule().options().tcp().lostMemberGrace().map(Duration::toNanos).orElse(FOR_EVER);
    }

    /** Whether a flow may stay on its member, now that the pool has changed to this. */
    boolean mayStay(Member member, PoolSnapshot snapshot);

    void close();

    default InetSocketAddress address(Backend backend) {
        InetSocketAddress own = backend.address();
        int port = rule().backendPort();
        if (port == 0 || port == own.getPort()) {
            return own;
        }
        return own.isUnresolved()
                ? InetSocketAddress.createUnresolved(own.getHostString(), port)
                : new InetSocketAddress(own.getAddress(), port);
    }

    /** Any healthy member, by the hash of the flow. */
    record Balanced(
            LoadBalancingRule rule, LoadBalancer balancer, Affinity affinity, FlowRefusedException backendsAreFull)
            implements Route {
        /** A client that stays on one backend does so by whichever address of a fleet it comes. */
        private static final InetSocketAddress ANY_FRONTEND = new InetSocketAddress(InetAddresses.fromInteger(0), 0);

        static Balanced of(LoadBalancingRule rule, HashSecret secret) {
            Affinity affinity = switch (rule.sessionPersistence()) {
                case NONE -> Affinity.fiveTuple(secret);
                case CLIENT_IP -> Affinity.twoTuple(secret);
                case CLIENT_IP_AND_PROTOCOL -> Affinity.threeTuple(secret);
            };
            SelectionStrategy strategy = rule.strategy()
                    .orElseGet(() ->
                            SelectionStrategy.maglev(MaglevOptions.defaults().withSecret(secret)));
            LoadBalancer balancer =
                    LoadBalancer.over(rule.pool()).strategy(strategy).build();
            int limit = rule.options().limits().perBackend();
            return new Balanced(rule, balancer, affinity, FlowGate.full(rule, limit, "every backend that is well"));
        }

        @Override
        public PickContext context(InetSocketAddress client, InetSocketAddress destination) {
            InetSocketAddress to = rule.sessionPersistence() == SessionPersistence.NONE ? destination : ANY_FRONTEND;
            return PickContext.keyed(affinity.key(new Flow(rule.protocol(), client, to)));
        }

        @Override
        public Pick pick(PickContext context) throws IOException {
            int limit = rule.options().limits().perBackend();
            if (limit == 0) {
                return balancer.pick(context);
            }
            PickContext wanted = context;
            while (true) { // until all members are excluded, and there is no pick
                Pick pick = pick(wanted, context);
                // Counted after the pick, which counts itself: two event loops may both give way, never both go ahead.
                if (pick.member().load().inFlight() <= limit) {
                    return pick;
                }
                pick.report(Outcome.CANCELLED);
                wanted = wanted.excluding(pick.backend());
            }
        }

        private Pick pick(PickContext wanted, PickContext original) throws IOException {
            try {
                return balancer.pick(wanted);
            } catch (NoBackendException e) {
                throw wanted == original ? e : backendsAreFull;
            }
        }

        @Override
        public boolean mayStay(Member member, PoolSnapshot snapshot) {
            // In panic it may well not be UP, and still be as good as any; in reserve it is UP, and not asked for new
            // flows.
            return isIn(snapshot.selectable(), member) || isIn(snapshot.reserve(), member);
        }

        @Override
        public void close() {
            balancer.close();
        }
    }

    /** One backend and no other. */
    record Fixed(InboundNatRule rule) implements Route {
        @Override
        public PickContext context(InetSocketAddress client, InetSocketAddress destination) {
            return PickContext.none();
        }

        @Override
        public Pick pick(PickContext context) throws IOException {
            if (context.hasExclusions()) {
                throw new IOException(described("could not be reached"));
            }
            return rule.pool()
                    .snapshot()
                    .member(rule.backend())
                    .orElseThrow(() -> new IOException(
                            described("is not in pool \"" + rule.pool().name() + "\"")))
                    .pick();
        }

        private String described(String problem) {
            return "rule \"" + rule.name() + "\": backend \"" + rule.backend() + "\" " + problem;
        }

        @Override
        public boolean mayStay(Member member, PoolSnapshot snapshot) {
            return isIn(snapshot.members(), member);
        }

        @Override
        public void close() {}
    }

    /** Equal ids are not enough: under a new address it is another place, which has another load. */
    private static boolean isIn(List<Member> members, Member member) {
        return members.stream().anyMatch(m -> m.load() == member.load());
    }
}
