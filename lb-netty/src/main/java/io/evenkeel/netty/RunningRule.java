package io.evenkeel.netty;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A rule at work at one of its front ends. */
sealed interface RunningRule permits TcpRule, UdpRule {
    /** Opens the socket, and takes nothing from it yet; what fails leaves no socket open. */
    void bind() throws IOException;

    /** Begins to serve what arrives. */
    void start();

    /** From now on new flows go by this, those that are there stay with what they began with. */
    void follow(RuleContext context);

    RuleContext context();

    /** Where it listens. */
    InetSocketAddress address();

    /** Lets no new flow in; those that are there go on. */
    void stop();

    /** Stops to listen and resets all flows; their sockets are closed when it returns. */
    void close();

    /** A failure to bind in words, with the rule and the address. */
    static IOException cannotBind(RuleContext context, Throwable cause) {
        return new IOException(
                context.name() + ": cannot listen on " + context.frontend() + ": " + cause.getMessage(), cause);
    }
}
