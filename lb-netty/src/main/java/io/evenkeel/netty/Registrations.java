package io.evenkeel.netty;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;

/** Registers handles with event loops, from the loop itself, where it is done at once. */
final class Registrations {
    private Registrations() {}

    static IoRegistration register(IoEventLoop loop, IoHandle handle, IoOps ops) throws EventLoops.RefusedException {
        Future<IoRegistration> registered = loop.register(handle);
        if (!registered.isSuccess()) {
            throw new EventLoops.RefusedException("the event loop takes no more sockets", registered.cause());
        }
        IoRegistration registration = registered.getNow();
        try {
            registration.submit(ops);
        } catch (RuntimeException e) {
            registration.cancel();
            throw new EventLoops.RefusedException("the event loop takes no more sockets", e);
        }
        return registration;
    }
}
