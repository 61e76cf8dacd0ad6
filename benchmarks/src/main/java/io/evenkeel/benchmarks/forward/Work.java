package io.evenkeel.benchmarks.forward;

/** What forwarders are compared at. */
public enum Work {
    /** Small requests over 64 connections that stay, the next as soon as the last is answered. */
    REQUESTS("small requests", Service.ANSWER, 64),
    /** A connection for each request, 32 at a time. */
    CONNECTIONS("new connections", Service.ANSWER_ONCE, 32),
    /** One stream from the client, as fast as it goes. */
    STREAM("1 stream", Service.COUNT, 1),
    /** Four of them. */
    STREAMS("4 streams", Service.COUNT, 4),
    /** 5,000 small requests a second over 64 connections; latency counts from when a request was due. */
    RATE("5,000 requests/s", Service.ANSWER, 64),
    /** Datagrams of 64 bytes there and back, 16 flows with 8 on their way each. */
    DATAGRAMS("UDP", Service.ECHO, 16);

    private final String words;
    private final Service service;
    private final int connections;

    Work(String words, Service service, int connections) {
        this.words = words;
        this.service = service;
        this.connections = connections;
    }

    /** Its name in a table. */
    public String words() {
        return words;
    }

    /** Whether operations are bytes. */
    public boolean isBulk() {
        return service == Service.COUNT;
    }

    /** Whether HAProxy can do it, too. */
    public boolean isTcp() {
        return !service.isUdp();
    }

    Service service() {
        return service;
    }

    int connections() {
        return connections;
    }
}
