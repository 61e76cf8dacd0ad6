package io.evenkeel.examples.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers whose nodes are made anew, and servers that leave. */
class LeaversTest {
    private static final Backend ONE = Backend.of("10.0.0.1", 80);
    private static final Backend TWO = Backend.of("10.0.0.2", 80);

    private final Leavers leavers = new Leavers();

    private List<Backend> find(int millis, Backend... found) {
        return leavers.addTo(List.of(found), Duration.ofMillis(millis).toNanos());
    }

    @Test
    void whoIsBackAtOnceHasNeverLeft() {
        find(0, ONE, TWO);

        assertEquals(List.of(ONE, TWO), find(100, ONE));
        assertTrue(leavers.any());
        assertEquals(List.of(TWO.withWeight(50), ONE), find(599, TWO.withWeight(50), ONE));

        assertFalse(leavers.any());
    }

    @Test
    void whoStaysAwayHasLeftHalfASecondLater() {
        find(0, ONE, TWO);
        find(100, ONE);

        assertEquals(List.of(ONE, TWO), find(599, ONE));
        assertEquals(List.of(ONE), find(600, ONE));

        assertFalse(leavers.any());
        assertEquals(List.of(ONE), find(601, ONE));
    }

    @Test
    void whileNobodyCanBeSeenNobodyLeaves() {
        find(0, ONE, TWO);
        find(100, ONE);

        leavers.waitAnew();

        assertEquals(List.of(ONE, TWO), find(9_000, ONE));
        assertEquals(List.of(ONE), find(9_500, ONE));
    }
}
