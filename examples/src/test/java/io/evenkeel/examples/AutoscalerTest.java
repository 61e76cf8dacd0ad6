package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("membership")
class AutoscalerTest {
    @Test
    @DisplayName(
            "processes are started and stopped by what is in flight for each, and no request fails though none is repeated")
    void itGrowsAndShrinksWithoutAFailure() throws Exception {
        Autoscaler.End end = Autoscaler.play(false);

        assertEquals(List.of(), end.failures());
        assertEquals(5, end.largest());
        assertEquals(2, end.last());
        assertTrue(end.isGood(), end.toString());
    }
}
