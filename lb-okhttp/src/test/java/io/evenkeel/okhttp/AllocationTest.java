package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("okhttp")
class AllocationTest {
    private static final int CALLS = 1_000;

    @Test
    @DisplayName("1. R20: to balance a call takes some 600 bytes")
    void balancingTakesLittle() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            OkHttpClient bare = answering(new OkHttpClient());
            OkHttpClient ours = answering(fleet.client());

            long least = Long.MAX_VALUE;
            for (int round = 0; round < 10; round++) {
                long more = bytesOfOne(ours) - bytesOfOne(bare);
                least = Math.min(least, more);
            }

            // 448 are four copies of OkHttp's chain: three to steer it, and one since it has a link more. The rest is
            // what a
            // call and its pick remember. Before the compiler has seen it, it is some more.
            assertTrue(least >= 448 && least < 700, least + " bytes more");
        }
    }

    /** By a network that costs nothing. */
    private static OkHttpClient answering(OkHttpClient client) {
        return client.newBuilder()
                .addInterceptor(chain -> new Response.Builder()
                        .request(chain.request())
                        .protocol(Protocol.HTTP_1_1)
                        .code(200)
                        .message("OK")
                        .build())
                .build();
    }

    /** On the average of many. */
    private static long bytesOfOne(OkHttpClient client) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            Fleet.call(client);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }
}
