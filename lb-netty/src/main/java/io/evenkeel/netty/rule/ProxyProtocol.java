package io.evenkeel.netty.rule;

/**
 * How a backend is told who the client is: in a header that it gets before anything else. A backend that does not expect it
 * takes it for data of the client.
 *
 * <p>The header names the client's address and the one it connected to; it carries no extensions (TLVs). TCP: it is sent once,
 * as soon as the backend is connected. UDP: each datagram begins with it, for datagrams get lost and overtake each other, and
 * is longer by 28 bytes for IPv4 and 52 for IPv6.
 *
 * @see "The PROXY protocol, versions 1 and 2: haproxy.org, doc/proxy-protocol.txt, section 2"
 */
public enum ProxyProtocol {
    /** No header: the default. */
    OFF,
    /** A line of text. TCP only. */
    V1,
    /** Binary. */
    V2
}
