package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("membership")
class ScalingRuleTest {
    private static final Duration LONG_AGO = Duration.ofHours(1);

    private final ScalingRule rule = new ScalingRule(4, 2, 6, Duration.ofSeconds(30));

    @ParameterizedTest
    @CsvSource({"2, 8, 2", "2, 8.1, 3", "2, 18, 5", "4, 18, 5", "2, 1000, 6", "0, 0, 2"})
    @DisplayName("it grows at once to what is needed for what is in flight, and never beyond its bounds")
    void itGrowsAtOnce(int size, double inFlight, int next) {
        assertEquals(next, rule.next(size, inFlight, Duration.ZERO));
    }

    @Test
    @DisplayName("it shrinks by one at a time, however little is in flight, and never below its minimum")
    void itShrinksByOne() {
        assertEquals(5, rule.next(6, 0, LONG_AGO));
        assertEquals(2, rule.next(3, 0, LONG_AGO));
        assertEquals(2, rule.next(2, 0, LONG_AGO));
    }

    @Test
    @DisplayName("it shrinks only after the cool-down")
    void itShrinksAfterTheCoolDown() {
        assertEquals(6, rule.next(6, 0, Duration.ofMillis(29_999)));
        assertEquals(5, rule.next(6, 0, Duration.ofSeconds(30)));
    }

    @Test
    @DisplayName("those that are still starting are not ordered twice")
    void whatWasOrderedCounts() {
        int ordered = rule.next(2, 18, LONG_AGO);

        assertEquals(ordered, rule.next(ordered, 18, Duration.ZERO));
    }

    @Test
    void whatCannotBeIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new ScalingRule(4, 3, 2, Duration.ZERO));

        assertEquals("max: 2 (expected: >= min, which is 3)", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new ScalingRule(0, 3, 3, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new ScalingRule(4, 0, 3, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new ScalingRule(4, 3, 3, Duration.ofNanos(-1)));
    }
}
