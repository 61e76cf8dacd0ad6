package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Pools;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("membership")
class FixedSourceTest implements BackendSourceContract {

    @Override
    public BackendSource source() {
        return BackendSource.of(backends().toArray(Backend[]::new));
    }

    @Override
    public List<Backend> backends() {
        return Pools.backends(3);
    }

    @Test
    void aListOfNobodyIsRefused() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, BackendSource::of);

        assertEquals("backends: none (expected: at least 1)", refused.getMessage());
    }
}
