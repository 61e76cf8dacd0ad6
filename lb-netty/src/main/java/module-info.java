/**
 * A load balancer for TCP and UDP inside an application. Start at {@link io.evenkeel.netty.Forwarder}.
 *
 * <p>No type of Netty appears in a signature of this module.
 */
module io.evenkeel.netty {
    requires com.google.common;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.unix.common;
    requires java.management;
    requires jdk.management;
    requires transitive io.evenkeel.core;
    requires static transitive org.jspecify;

    exports io.evenkeel.netty;
    exports io.evenkeel.netty.rule;
}
