package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many flows a source may open. */
@Tag("netty")
class SourceLimitTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final InetAddress ONE = InetAddresses.forString("192.0.2.1");
    private static final InetAddress OTHER = InetAddresses.forString("192.0.2.2");

    /** Near the end of the numbers, where a comparison instead of a difference would fail. */
    private long now = Long.MAX_VALUE - 2 * SECOND;

    private final SourceLimit limit = new SourceLimit(10, 5, now, 42);

    @Test
    @DisplayName(
            "2. S7: a source may open a burst, then as many a second as the limit says, also when time wraps around")
    void aSourceMayOpenABurstThenItsRate() {
        assertEquals(5, admitted(ONE, 20));

        for (int second = 0; second < 4; second++) {
            int admitted = 0;
            for (int tenth = 0; tenth < 10; tenth++) {
                now += SECOND / 10;
                admitted += admitted(ONE, 20);
            }
            assertEquals(10, admitted, "second " + second);
        }
        now += SECOND;
        assertEquals(5, admitted(ONE, 20));
    }

    @Test
    @DisplayName("2. S7: what one source uses up is nothing to another, but all of a /64 are one source")
    void eachSourceHasItsOwn() {
        assertEquals(5, admitted(ONE, 20));

        assertEquals(5, admitted(OTHER, 20));
        assertEquals(5, admitted(InetAddresses.forString("2001:db8::1"), 20));
        assertEquals(0, admitted(InetAddresses.forString("2001:db8::ffff:0:0:1"), 20));
        assertEquals(5, admitted(InetAddresses.forString("2001:db8:0:1::1"), 20));
        assertEquals(5, admitted(InetAddresses.forString("::1"), 20));
    }

    @Test
    @DisplayName(
            "2. S7: a flood of 1,000,000 other sources neither frees one that is over its limit nor stops one that is not")
    void aFloodOfSourcesChangesNothingForOthers() {
        assertEquals(5, admitted(ONE, 20));
        int flood = 0;

        // Sources of the flood have a bucket that is fuller than that of ONE, so they make room for each other.
        for (int i = 0; i < 1_000_000; i++) {
            flood += admitted(InetAddresses.fromInteger(0x0a00_0000 + i), 1);
        }

        assertEquals(1_000_000, flood);
        assertFalse(limit.admits(ONE, now));
        assertTrue(limit.admits(OTHER, now));
    }

    private int admitted(InetAddress source, int attempts) {
        return (int) IntStream.range(0, attempts)
                .filter(i -> limit.admits(source, now))
                .count();
    }
}
