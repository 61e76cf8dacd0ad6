package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.netty.Sources.Kin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose flows are whose. */
@Tag("netty")
class SourcesTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final Sources<String> sources = new Sources<>();

    @Test
    void aSourceIsForgottenWithItsLastFlow() {
        Seat<String> first = seat("first");
        Seat<String> last = seat("last");
        sources.append(1, first.kin);
        sources.append(1, last.kin);

        sources.leave(1, first.kin);
        Kin<String> left = sources.find(1);
        sources.leave(1, last.kin);

        assertNotNull(left);
        assertNull(sources.find(1));
    }

    /** Against a model, with hashes that share slots. */
    @Test
    void theFlowsOfASourceAreThoseThatHaveNotLeft() {
        Map<Long, Set<Seat<String>>> model = new HashMap<>();
        Random random = new Random(8);
        int most = 0;
        for (int i = 0; i < 100_000; i++) {
            long hash = (long) random.nextInt(2_000) << 4;
            Set<Seat<String>> flows = model.computeIfAbsent(hash, any -> new LinkedHashSet<>());
            if (flows.isEmpty() || random.nextInt(3) == 0) {
                Seat<String> seat = seat("flow " + i);
                sources.append(hash, seat.kin);
                flows.add(seat);
            } else {
                Seat<String> eldest = flows.iterator().next();
                sources.leave(hash, eldest.kin);
                flows.remove(eldest);
            }
            Kin<String> kin = sources.find(hash);
            assertEquals(flows.size(), kin == null ? 0 : kin.chain.size());
            assertEquals(flows.isEmpty() ? null : flows.iterator().next(), kin == null ? null : kin.chain.eldest());
            most = Math.max(most, flows.size());
        }

        assertTrue(most > 2, "some have several: " + most);
        assertEquals(2_000, model.size());
    }

    private static Seat<String> seat(String name) {
        return new Seat<>(ANY, name, 0);
    }
}
