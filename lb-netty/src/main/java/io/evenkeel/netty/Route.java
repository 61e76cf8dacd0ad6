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
            return Fixed.of(nat);
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
            LoadBalancingRule rule,
            LoadBalancer balancer,
            HashSecret secret,
            Affinity affinity,
            FlowRefusedException backendsAreFull)
            implements Route {
        /** How many members that are full are told the strategy one by one: each makes the next question dearer. */
        private static final int MOST_QUESTIONS = 8;

        /** A client that stays on one backend does so by whichever address of a fleet it comes. */
        private static final InetSocketAddress ANY_FRONTEND = new InetSocketAddress(InetAddresses.fromInteger(0), 0);

        static Balanced of(LoadBalancingRule rule, HashSecret secret) {
            Affinity affinity = switch (rule.sessionPersistence()) {
                case NONE -> Affinity.fiveTuple(secret);
                case CLIENT_IP -> Affinity.twoTuple(secret);
                case CLIENT_IP_AND_PROTOCOL -> Affinity.threeTuple(secret);
            };
            LoadBalancer balancer = balancer(rule, rule.strategy().orElseGet(() -> byHash(secret)));
            int limit = rule.options().limits().perBackend();
            return new Balanced(
                    rule, balancer, secret, affinity, FlowGate.full(rule, limit, "every backend that is well"));
        }

        private static SelectionStrategy byHash(HashSecret secret) {
            return SelectionStrategy.maglev(MaglevOptions.defaults().withSecret(secret));
        }

        private static LoadBalancer balancer(LoadBalancingRule rule, SelectionStrategy strategy) {
            return LoadBalancer.over(rule.pool()).strategy(strategy).build();
        }

        @Override
        public PickContext context(InetSocketAddress client, InetSocketAddress destination) {
            InetSocketAddress to = rule.sessionPersistence() == SessionPersistence.NONE ? destination : ANY_FRONTEND;
            return PickContext.keyed(affinity.key(new Flow(rule.protocol(), client, to)));
        }

        @Override
        public Pick pick(PickContext context) throws IOException {
            int limit = rule.options().limits().perBackend();
            Pick first = pickOne(context);
            return limit == 0 || isWithin(limit, first) ? first : pickAnother(first, context, limit);
        }

        private Pick pickOne(PickContext context) throws NoBackendException {
            try {
                return balancer.pick(context);
            } catch (NoBackendException e) {
                if (balancer.isClosed()) {
                    return pickLate(context);
                }
                throw e;
            }
        }

        /**
         * For a flow that began before this rule was changed and has no backend yet: nobody follows the pool for it any
         * more. That is rare, so a balancer is made for this one pick. A key leads where it leads by the rule.
         */
        private Pick pickLate(PickContext context) throws NoBackendException {
            SelectionStrategy strategy = rule.strategy().isPresent() ? SelectionStrategy.random() : byHash(secret);
            try (LoadBalancer late = balancer(rule, strategy)) {
                return late.pick(context);
            }
        }

        private Pick pickAnother(Pick full, PickContext context, int limit) throws FlowRefusedException {
            PickContext wanted = context.excluding(full.backend());
            for (int i = 0; i < MOST_QUESTIONS; i++) {
                Pick pick;
                try {
                    pick = pickOne(wanted);
                } catch (NoBackendException e) {
                    throw backendsAreFull;
                }
                if (isWithin(limit, pick)) {
                    return pick;
                }
                wanted = wanted.excluding(pick.backend());
            }
            return pickAny(context, limit);
        }

        /** Any member with room; where to begin to look goes by the key of the flow. */
        private Pick pickAny(PickContext context, int limit) throws FlowRefusedException {
            PoolSnapshot snapshot = rule.pool().snapshot();
            for (List<Member> members : List.of(snapshot.selectable(), snapshot.reserve())) {
                for (int i = 0; i < members.size(); i++) {
                    Member member = members.get((int) Math.floorMod(context.key() + i, (long) members.size()));
                    if (member.load().inFlight() < limit && !context.excludes(member.backend())) {
                        Pick pick = member.pick();
                        if (isWithin(limit, pick)) {
                            return pick;
                        }
                    }
                }
            }
            throw backendsAreFull;
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

    /** Whether there are not too many at its member; ends it if there are. */
    private static boolean isWithin(int limit, Pick pick) {
        // Counted after the pick, which counts itself: two event loops may both give way, never both go ahead.
        if (pick.member().load().inFlight() <= limit) {
            return true;
        }
        pick.report(Outcome.CANCELLED);
        return false;
    }

    /** One backend and no other. */
    record Fixed(InboundNatRule rule, FlowRefusedException backendIsFull) implements Route {
        static Fixed of(InboundNatRule rule) {
            int limit = rule.options().limits().perBackend();
            return new Fixed(rule, FlowGate.full(rule, limit, "its backend"));
        }

        @Override
        public PickContext context(InetSocketAddress client, InetSocketAddress destination) {
            return PickContext.none();
        }

        @Override
        public Pick pick(PickContext context) throws IOException {
            if (context.hasExclusions()) {
                throw new IOException(described("could not be reached"));
            }
            Pick pick = rule.pool()
                    .snapshot()
                    .member(rule.backend())
                    .orElseThrow(() -> new IOException(
                            described("is not in pool \"" + rule.pool().name() + "\"")))
                    .pick();
            int limit = rule.options().limits().perBackend();
            if (limit != 0 && !isWithin(limit, pick)) {
                throw backendIsFull;
            }
            return pick;
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
