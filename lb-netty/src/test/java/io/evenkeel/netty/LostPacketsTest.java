package io.evenkeel.netty;

import io.evenkeel.netty.LostPackets.Scenario;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks that lose packets or have too little of something; what happens in them is told by {@link LostPackets}. */
@Tag("netty")
class LostPacketsTest {
    private static void run(Scenario scenario, Transport transport) throws Exception {
        OwnNetwork.run(Duration.ofSeconds(100), LostPackets.class, scenario.name(), transport.name());
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    @DisplayName("2. F3: packets to one of three backends are dropped, and no new connection fails")
    void packetsToOneOfThreeAreDropped(Transport transport) throws Exception {
        run(Scenario.DROPPED, transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    @DisplayName("2. F3: once its probe has seen it, nobody waits for it; when packets arrive again, it serves")
    void aProbeSeesThatPacketsAreDropped(Transport transport) throws Exception {
        run(Scenario.DROPPED_AND_PROBED, transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    @DisplayName("2. F4: the way to one of two backends is gone, and the other serves at once")
    void theWayToOneOfTwoIsGone(Transport transport) throws Exception {
        run(Scenario.UNREACHABLE, transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    @DisplayName("2. F11: with 100 local ports 100 flows go to each of two backends, and 100 of 300 are refused")
    void localPortsRunOut(Transport transport) throws Exception {
        run(Scenario.FEW_PORTS, transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    @DisplayName(
            "4. F11: with 100 local ports 100 of 150 UDP flows are served, and no backend is blamed for the others")
    void localPortsRunOutForUdp(Transport transport) throws Exception {
        run(Scenario.FEW_PORTS_FOR_UDP, transport);
    }
}
