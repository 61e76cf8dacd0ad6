package io.evenkeel.netty;

import io.evenkeel.backend.Outcome;

/** Why a flow ended. */
public enum FlowEnd {
    /**
     * TCP: both sides said that they are done, and all of it was delivered. UDP: all responses that the rule expects have
     * come.
     */
    COMPLETED,
    /** The client broke the connection. TCP only. */
    CLIENT_RESET,
    /** The backend broke the connection; for UDP: nothing listens there, or it cannot be reached. */
    BACKEND_RESET,
    /** Nothing came from either side for the idle timeout of the rule: the usual end of a UDP flow. */
    IDLE,
    /** Its backend left the pool or is not well any more; the next datagram opens another flow. UDP only. */
    MOVED,
    /** Its backend left the pool or is not well any more, and the rule says to reset such connections. TCP only. */
    MEMBER_LOST,
    /** It had lasted for as long as the rule allows, and both sides were reset. TCP only. */
    EXPIRED,
    /** It had to make room in the table of flows, where it was the one least worth keeping. UDP only. */
    EVICTED,
    /** The forwarder was closed, or could not go on with this flow. */
    ABORTED;

    /** What it says about the backend; {@code answered} is whether anything came from it. */
    Outcome outcome(boolean answered) {
        return switch (this) {
            case COMPLETED -> Outcome.SUCCESS;
            case BACKEND_RESET -> Outcome.FAILURE;
            case IDLE, MOVED, MEMBER_LOST, EXPIRED, EVICTED -> answered ? Outcome.SUCCESS : Outcome.CANCELLED;
            case CLIENT_RESET, ABORTED -> Outcome.CANCELLED;
        };
    }
}
