package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void evenStepsBeginAndEndAtRoundNumbers() {
        assertEquals(
                List.of(90.0, 92.0, 94.0, 96.0, 98.0, 100.0),
                Scale.linear(90.9, 100).ticks());
    }

    @Test
    void stepsOfALogarithmAreOneTwoAndFive() {
        assertEquals(
                List.of(50.0, 100.0, 200.0, 500.0), Scale.logarithmic(60, 300).ticks());
    }

    @Test
    void whatIsBeyondTheEndStaysThere() {
        Scale scale = Scale.logarithmic(1, 100);

        assertEquals(0.5, scale.part(10), 1e-9);
        assertEquals(1, scale.part(1e9));
        assertEquals(0, scale.part(0));
    }

    @Test
    void labelsHaveNoMoreDigitsThanTheyNeed() {
        assertEquals("2,000", Scale.label(2000));
        assertEquals("99.5", Scale.label(99.5));
    }
}
