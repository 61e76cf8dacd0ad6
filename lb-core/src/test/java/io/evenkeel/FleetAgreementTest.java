package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.Affinity;
import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.HashSecret;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.MaglevOptions;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Balancers that share a secret and have the same members map alike, however they came to have them. */
class FleetAgreementTest {
    private static final int FLOWS = 1_000_000;
    private static final HashSecret SECRET = new HashSecret(5, 6);

    private static final Map<String, Supplier<SelectionStrategy>> STRATEGIES = Map.of(
            "Maglev", () -> SelectionStrategy.maglev(MaglevOptions.defaults().withSecret(SECRET)),
            "rendezvous", () -> SelectionStrategy.rendezvous(SECRET),
            "ring", SelectionStrategy::ringHash);

    /** What befalls a pool of at least ten; no two of them concern the same member, so their order means nothing. */
    private static List<Consumer<BackendPool>> changes(int members) {
        return List.of(
                pool -> pool.remove("b1"),
                pool -> pool.add(backend(members)),
                pool -> pool.update(List.of(backend(2).withWeight(250)), Set.of()),
                pool -> pool.markDown("b3", "refused"),
                pool -> pool.drain("b4", Duration.ofHours(1)),
                pool -> pool.update(List.of(backend(members + 1)), Set.of("b5")),
                pool -> pool.update(List.of(backend(6).withPriority(1)), Set.of()));
    }

    /** One of many that spread the same flows; learns of everything in an order of its own. */
    private static final class Balancer implements AutoCloseable {
        private final BackendPool pool;
        private final LoadBalancer balancer;
        private final Affinity affinity = Affinity.fiveTuple(SECRET);
        private final Random order;

        Balancer(String strategy, int members, int seed) {
            order = new Random(seed);
            List<Backend> list = backends(members);
            Collections.shuffle(list, order);
            pool = BackendPool.builder("web").backends(list).build();
            balancer = LoadBalancer.over(pool)
                    .strategy(STRATEGIES.get(strategy).get())
                    .build();
        }

        void change() {
            List<Consumer<BackendPool>> changes =
                    new ArrayList<>(changes(pool.snapshot().members().size()));
            Collections.shuffle(changes, order);
            changes.forEach(change -> change.accept(pool));
        }

        String backendOf(Flow flow) throws NoBackendException {
            try (Pick pick = balancer.pick(PickContext.keyed(affinity.key(flow)))) {
                return pick.backend().id();
            }
        }

        @Override
        public void close() {
            balancer.close();
            pool.close();
        }
    }

    private static Flow flow(SplittableRandom random) throws UnknownHostException {
        byte[] client = new byte[4];
        random.nextBytes(client);
        return new Flow(
                Protocol.TCP,
                new InetSocketAddress(InetAddress.getByAddress(client), random.nextInt(65_536)),
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 443));
    }

    /** How many flows the two of them send to the same backend. */
    private static int agreed(Balancer one, Balancer other) throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        int agreed = 0;
        for (int i = 0; i < FLOWS; i++) {
            Flow flow = flow(random);
            agreed += one.backendOf(flow).equals(other.backendOf(flow)) ? 1 : 0;
        }
        return agreed;
    }

    // The pool of 599 grows over 600 by the change, and its table with it.
    @ParameterizedTest(name = "{0} over {1} members")
    @CsvSource({"Maglev, 100", "Maglev, 599", "rendezvous, 20", "ring, 100"})
    @Tag("membership")
    @DisplayName("6. two with one seed agree on 1,000,000 flows, also after the same change in another order")
    void twoWithOneSeedAgreeOnEveryFlow(String strategy, int members) throws Exception {
        try (Balancer one = new Balancer(strategy, members, 1);
                Balancer other = new Balancer(strategy, members, 2)) {
            assertEquals(FLOWS, agreed(one, other));
            one.change();
            int meanwhile = agreed(one, other);
            other.change();

            assertTrue(meanwhile < FLOWS, "the change moves flows, or else this proves nothing");
            assertEquals(FLOWS, agreed(one, other));
        }
    }
}
