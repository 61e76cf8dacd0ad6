package io.evenkeel.affinity;

/** The transport of a flow. */
public enum Protocol {
    /** A byte stream with a connection; HTTP, HTTPS and WebSocket are TCP. */
    TCP(6),
    /** Datagrams. */
    UDP(17);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** The number that IANA assigned to it: 6 for TCP, 17 for UDP. */
    public int number() {
        return number;
    }
}
