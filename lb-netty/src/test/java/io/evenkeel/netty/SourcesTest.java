package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    private final Sources<BareFlow> sources = new Sources<>();

    @Test
    void aSourceIsForgottenWithItsLastFlow() {
        BareFlow first = new BareFlow(ANY);
        BareFlow last = new BareFlow(ANY);
        sources.append(1, first);
        sources.append(1, last);

        sources.leave(1, first);
        BareFlow left = sources.eldest(1);
        sources.leave(1, last);

        assertEquals(last, left);
        assertNull(sources.eldest(1));
    }

    /** Against a model, with hashes that share slots. */
    @Test
    void theFlowsOfASourceAreThoseThatHaveNotLeft() {
        Map<Long, Set<BareFlow>> model = new HashMap<>();
        Random random = new Random(8);
        int most = 0;
        for (int i = 0; i < 100_000; i++) {
            long hash = (long) random.nextInt(2_000) << 4;
            Set<BareFlow> flows = model.computeIfAbsent(hash, any -> new LinkedHashSet<>());
            if (flows.isEmpty() || random.nextInt(3) == 0) {
                BareFlow flow = new BareFlow(ANY);
                sources.append(hash, flow);
                flows.add(flow);
            } else {
                BareFlow eldest = flows.iterator().next();
                sources.leave(hash, eldest);
                flows.remove(eldest);
            }
            assertEquals(flows.size(), sources.count(hash));
            assertEquals(flows.isEmpty() ? null : flows.iterator().next(), sources.eldest(hash));
            most = Math.max(most, flows.size());
        }

        assertTrue(most > 2, "some have several: " + most);
        assertEquals(2_000, model.size());
    }
}
