package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("okhttp")
class FailoverPolicyTest {
    private static final FailoverPolicy DEFAULTS = FailoverPolicy.defaults();

    @Test
    @DisplayName("1. R10: the defaults are three attempts, no status, a fifth of the calls and ten a second")
    void theDefaults() {
        FailoverPolicy expected =
                new FailoverPolicy(3, Set.of(), Duration.ofMillis(25), Duration.ZERO, 0.2, 10, false, 0);

        assertEquals(expected, DEFAULTS);
    }

    @Test
    @DisplayName("1. each setting changes itself and nothing else")
    void eachSettingChangesItself() {
        FailoverPolicy changed = DEFAULTS.withStrict(true)
                .withWholeAnswers(1_000)
                .withBudget(0.5, 20)
                .withStallTimeout(Duration.ofSeconds(2))
                .withBackOff(Duration.ofMillis(5))
                .withStatuses(502, 503)
                .withAttempts(4);

        FailoverPolicy expected = new FailoverPolicy(
                4, Set.of(502, 503), Duration.ofMillis(5), Duration.ofSeconds(2), 0.5, 20, true, 1_000);
        assertEquals(expected, changed);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(change(p -> p.withAttempts(0)), "attempts: 0 (expected: >= 1)"),
                Arguments.of(change(p -> p.withStatuses(503, 200)), "statuses: 200 (expected: 400 to 599)"),
                Arguments.of(change(p -> p.withStatuses(600)), "statuses: 600 (expected: 400 to 599)"),
                Arguments.of(
                        change(p -> p.withBackOff(Duration.ofNanos(1))),
                        "backOff: PT0.000000001S (expected: zero, or >= 1 ms)"),
                Arguments.of(
                        change(p -> p.withBackOff(Duration.ofMillis(-1))),
                        "backOff: PT-0.001S (expected: zero, or >= 1 ms)"),
                Arguments.of(
                        change(p -> p.withStallTimeout(Duration.ofNanos(1))),
                        "stallTimeout: PT0.000000001S (expected: zero, or >= 1 ms)"),
                Arguments.of(change(p -> p.withBudget(Double.NaN, 1)), "budgetShare: NaN (expected: 0 to 1)"),
                Arguments.of(change(p -> p.withBudget(1.1, 1)), "budgetShare: 1.1 (expected: 0 to 1)"),
                Arguments.of(change(p -> p.withBudget(1, -1)), "budgetFloor: -1 (expected: 0 to 1000000)"),
                Arguments.of(change(p -> p.withWholeAnswers(-1)), "wholeAnswers: -1 (expected: 0 to 1073741824)"),
                Arguments.of(
                        change(p -> p.withWholeAnswers(Integer.MAX_VALUE)),
                        "wholeAnswers: 2147483647 (expected: 0 to 1073741824)"));
    }

    private static UnaryOperator<FailoverPolicy> change(UnaryOperator<FailoverPolicy> change) {
        return change;
    }

    @ParameterizedTest
    @MethodSource("refused")
    @DisplayName("1. a setting that makes no sense is refused, and the message says what would")
    void nonsenseIsRefused(UnaryOperator<FailoverPolicy> change, String message) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, () -> change.apply(DEFAULTS));

        assertEquals(message, thrown.getMessage());
    }

    @Test
    @DisplayName("1. R10: waits double up to ten times the first, and differ by half")
    void waitsGrowAndDiffer() {
        IntervalFunction waits = DEFAULTS.withBackOff(Duration.ofSeconds(1)).backOffs();

        for (int retry = 1; retry <= 8; retry++) {
            long middle = Math.min(1_000L << (retry - 1), 10_000);
            for (int draw = 0; draw < 100; draw++) {
                long wait = waits.apply(retry);
                assertTrue(wait >= middle / 2 && wait <= Math.min(middle * 3 / 2, 10_000), retry + ": " + wait);
            }
        }
        // Of 100 draws out of a thousand and one, all are the same once in 10^297 times.
        assertNotEquals(
                1,
                IntStream.range(0, 100)
                        .mapToLong(i -> waits.apply(1))
                        .distinct()
                        .count());
    }

    @Test
    @DisplayName("1. R10: no back-off is none")
    void noBackOff() {
        assertEquals(0, DEFAULTS.withBackOff(Duration.ZERO).backOffs().apply(1));
    }
}
