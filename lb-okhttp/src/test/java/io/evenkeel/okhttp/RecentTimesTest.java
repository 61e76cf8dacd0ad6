package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("okhttp")
class RecentTimesTest {
    private final RecentTimes times = new RecentTimes(0.95);

    @Test
    @DisplayName("1. hedging: nothing is known from fewer than 64 times")
    void nothingIsKnownFromAFew() {
        add(1, 63);
        assertEquals(0, times.nanos());

        times.add(64);

        assertEquals(61, times.nanos()); // 95 % of 64 are 60.8
    }

    @Test
    @DisplayName("1. hedging: times that are long past are forgotten")
    void onlyTheLatestCount() {
        add(1_000_001, 1_000_256);

        add(1, 256);

        assertEquals(244, times.nanos()); // 95 % of 256 are 243.2
    }

    private void add(long first, long last) {
        for (long time = first; time <= last; time++) {
            times.add(time);
        }
    }
}
