package io.evenkeel.outlier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EjectionTimeTest {
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final EjectionTime defaults = EjectionTime.defaults();

    @Test
    void eachTimeInARowIsLongerUpToTheLimit() {
        assertEquals(Duration.ofSeconds(30), defaults.of(1, 0.5));
        assertEquals(Duration.ofMinutes(1), defaults.of(2, 0.5));
        assertEquals(Duration.ofMinutes(5), defaults.of(10, 0.5));
        assertEquals(Duration.ofMinutes(5), defaults.of(Integer.MAX_VALUE, 0.5));
        assertEquals(
                Duration.ofSeconds(400),
                defaults.withFirst(Duration.ofSeconds(400)).of(3, 0.5));
    }

    @Test
    void aTimeThatIsLegalIsNeverNone() {
        EjectionTime shortest = defaults.withFirst(Duration.ofNanos(1)).withJitter(0.9);

        assertEquals(Duration.ofNanos(1), shortest.of(1, 0));
        assertEquals(
                Duration.ofNanos(950_000),
                defaults.withFirst(Duration.ofMillis(1)).withJitter(0.1).of(1, 0.25));
    }

    @Test
    void aTimeWithoutEndIsAsLongAsAClockCanCount() {
        Duration longest = defaults.withFirst(FOREVER).withLongest(FOREVER).of(3, 1);

        assertFalse(longest.isNegative());
        assertTrue(longest.toDays() > 100_000, longest.toString());
    }
}
