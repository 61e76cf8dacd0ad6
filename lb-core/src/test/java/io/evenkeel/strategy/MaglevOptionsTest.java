package io.evenkeel.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.affinity.HashSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaglevOptionsTest {
    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 4, 65_536, 65_537 * 3, 5_000_009, 5_000_021})
    void theSizeOfTheTableIsAPrimeWithinBounds(int size) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> MaglevOptions.defaults().withTableSize(size));

        assertEquals("tableSize: " + size + " (expected: 0 or a prime from 2 to 5000011)", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 65_537, 655_373, 5_000_011})
    void aPrimeWithinBoundsIsTaken(int size) {
        assertEquals(size, MaglevOptions.defaults().withTableSize(size).sizeFor(10_000));
    }

    @Test
    void withoutASizeTheTableFitsThePool() {
        assertEquals(65_537, MaglevOptions.defaults().sizeFor(600));
        assertEquals(655_373, MaglevOptions.defaults().sizeFor(601));
    }

    @Test
    void eachSettingIsChangedAlone() {
        HashSecret secret = new HashSecret(1, 2);

        assertEquals(
                new MaglevOptions(secret, 7, true),
                MaglevOptions.defaults().withSteady(true).withSecret(secret).withTableSize(7));
    }

    @Test
    void theSecretIsNotShown() {
        assertFalse(MaglevOptions.defaults()
                .withSecret(new HashSecret(4711, 4712))
                .toString()
                .contains("471"));
    }
}
