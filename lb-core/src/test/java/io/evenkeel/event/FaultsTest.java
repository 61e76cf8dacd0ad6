package io.evenkeel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FaultsTest {
    @Test
    void itSaysWhoseFaultsItCountsAndHowManyThereWere() {
        Faults faults = new Faults("pool web", () -> 0);

        faults.caught("listener", new IllegalStateException("boom"));
        faults.caught("strategy", new IllegalStateException("boom"));

        assertEquals("pool web: 2 faults", faults.toString());
    }
}
