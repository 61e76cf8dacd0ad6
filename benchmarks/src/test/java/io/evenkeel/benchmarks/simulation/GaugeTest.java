package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GaugeTest {
    private final Gauge gauge = new Gauge();

    private void answered(int times, int load, long nanos) {
        for (int i = 0; i < times; i++) {
            gauge.answered(load, nanos);
        }
    }

    @Test
    void nothingIsKnownBeforeTheFirstAnswer() {
        assertEquals(0, gauge.nanosAt(3));
    }

    @Test
    void answersThatCameAtTheSameLoadDecide() {
        answered(9, 1, 100);
        answered(9, 5, 500);

        assertEquals(100, gauge.nanosAt(1));
        assertEquals(500, gauge.nanosAt(5));
        assertEquals(500, gauge.nanosAt(100));
    }

    @Test
    void theMedianShrugsOffAFewThatTookLong() {
        answered(4, 1, 100);
        answered(3, 1, 9000);

        assertEquals(100, gauge.nanosAt(1));
    }

    @Test
    void oldAnswersAreForgotten() {
        answered(32, 1, 100);
        answered(32, 1, 200);

        assertEquals(200, gauge.nanosAt(1));
    }
}
