package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Unplanned: a whole rack goes at once. */
@Tag("membership")
class FaultDomainLossTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    @DisplayName("4. kill -9 of a whole fault domain under load: no idempotent call fails")
    void aLostFaultDomainCostsNoIdempotentCall() throws Exception {
        try (Fleet fleet = new Fleet()) {
            fleet.start();
            Load okhttp = fleet.loadThroughOkHttp();
            Load tcp = fleet.loadThroughForwarder();
            try (okhttp;
                    tcp) {
                awaitRequests(okhttp, tcp);

                killFaultDomain(fleet, 0);
                Await.until("both are out", LIMIT, () -> fleet.pool().snapshot().out() == 2);
                awaitRequests(okhttp, tcp);
            }

            assertEquals(0, okhttp.failed(), okhttp::toString);
            assertEquals(0, tcp.failed(), tcp::toString);
        }
    }

    private static void awaitRequests(Load okhttp, Load tcp) {
        long okhttpTarget = okhttp.sent() + 300;
        long tcpTarget = tcp.sent() + 300;
        Await.until("300 more requests each", LIMIT, () -> okhttp.sent() >= okhttpTarget && tcp.sent() >= tcpTarget);
    }

    private static void killFaultDomain(Fleet fleet, int domain) throws InterruptedException {
        List<VmProcess> lost = new ArrayList<>(fleet.vms());
        lost.removeIf(vm -> vm.backend().placement().faultDomain() != domain);
        assertEquals(2, lost.size());
        for (VmProcess vm : lost) {
            vm.kill();
        }
    }
}
