package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ThreeVmsTest {
    @Test
    @Tag("main-job")
    @DisplayName(
            "1 the story of three VMs ends well: nothing failed while one was killed, and every port is free again")
    void theStoryEndsWell() throws Exception {
        assertEquals(0, ThreeVms.play());
    }
}
