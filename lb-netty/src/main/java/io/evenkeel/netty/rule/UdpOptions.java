package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How many UDP flows a rule holds, and when one of them is done. Immutable.
 *
 * <p>A flow is what one client address and port sends, and the replies to it; behind a proxy, that of the client whom the header
 * of each datagram names. Each has a socket of its own to its backend: a reply carries nothing that tells flows apart but the
 * port it comes to.
 *
 * <p>Whoever can forge source addresses can open flows without end. So a flow whose client has sent but one datagram
 * never takes the place of one that has been used since: those have four fifths of the table to themselves.
 *
 * @param maxFlows how many flows the rule holds; 65,536 by default. What would be beyond
 *     that, or beyond what the whole forwarder may hold, makes the least recently used flow of the rule give way
 * @param maxFlowsPerSource how many of them one source may have, which is one IPv4 address, or one /64 network of IPv6,
 *     since a single host may well have all addresses of that; 4,096 by default. Beyond that, the least recently used flow
 *     of that same source gives way. Raise it where many clients come through one address
 * @param expectedResponses how many datagrams answer one of the client's, such as 1 for DNS; then a flow ends as soon as
 *     all that are due have come. 0, the default: not known, and a flow ends when it is idle
 */
public record UdpOptions(int maxFlows, int maxFlowsPerSource, int expectedResponses) {
    /** Checks each number on its own. */
    public UdpOptions {
        checkArgument(maxFlows >= 1, "maxFlows: %s (expected: >= 1)", maxFlows);
        checkArgument(maxFlowsPerSource >= 1, "maxFlowsPerSource: %s (expected: >= 1)", maxFlowsPerSource);
        checkArgument(expectedResponses >= 0, "expectedResponses: %s (expected: >= 0)", expectedResponses);
    }

    /** 65,536 flows, 4,096 of one source, and no expected responses. */
    public static UdpOptions defaults() {
        return new UdpOptions(65_536, 4_096, 0);
    }

    /** The same with another number of flows. */
    public UdpOptions withMaxFlows(int maxFlows) {
        return new UdpOptions(maxFlows, maxFlowsPerSource, expectedResponses);
    }

    /** The same with another number of flows of one source. */
    public UdpOptions withMaxFlowsPerSource(int maxFlowsPerSource) {
        return new UdpOptions(maxFlows, maxFlowsPerSource, expectedResponses);
    }

    /** The same with another number of responses to one datagram; 0 for not known. */
    public UdpOptions withExpectedResponses(int expectedResponses) {
        return new UdpOptions(maxFlows, maxFlowsPerSource, expectedResponses);
    }
}
