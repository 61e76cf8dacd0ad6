package io.evenkeel.netty;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A rule at work. */
sealed interface RunningRule permits TcpRule, UdpRule {
    /** Starts to listen; what fails leaves no socket open. */
    void bind() throws IOException;

    /** Where it listens. */
    InetSocketAddress address();

    /** Stops to listen and resets all flows; their sockets are closed when it returns. */
    void close();

    /** A failure to bind in words, with the rule and the address. */
    static IOException cannotBind(RuleContext context, Throwable cause) {
        return new IOException(
                context.name() + ": cannot listen on " + context.rule().frontend() + ": " + cause.getMessage(), cause);
    }
}
