package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("membership")
class RollingRestartTest {
    @Test
    @DisplayName(
            "3. six processes are restarted by update domain under load: nothing fails, and three are always in use")
    void restartsUnderLoadWithoutAFailure() throws Exception {
        assertEquals(0, RollingRestart.play(1_000, false));
    }

    @Test
    @DisplayName("3. the progress bar is filled as far as members are over")
    void theBarIsFilledAsFarAsMembersAreOver() {
        assertEquals("[------------------------------] 0/6", MaintenanceTable.bar(0, 6));
        assertEquals("[##########--------------------] 2/6", MaintenanceTable.bar(2, 6));
        assertEquals("[##############################] 6/6", MaintenanceTable.bar(6, 6));
    }
}
