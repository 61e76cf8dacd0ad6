package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Rule;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A listener that holds its event loop up when the first flow opens, so that much happens before the loop looks again. */
final class HeldLoop implements FlowListener {
    private final CompletableFuture<Void> isHeld = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    @Override
    public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
        isHeld.complete(null);
        released.join();
    }

    void awaitHeld() {
        isHeld.join();
    }

    void release() {
        released.complete(null);
    }
}
