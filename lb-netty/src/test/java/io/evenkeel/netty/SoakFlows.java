package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Rule;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Where each client's flow went last, how many there are, and who was turned away. */
final class SoakFlows implements FlowListener {
    private final Map<String, String> backends = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile String lastRefusal = "";

    @Override
    public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
        open.incrementAndGet();
        backends.put(key(rule.name(), client.getPort()), backend.id());
    }

    @Override
    public void flowClosed(
            Rule rule, InetSocketAddress client, Backend backend, long fromClient, long fromBackend, FlowEnd end) {
        open.decrementAndGet();
    }

    @Override
    public void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {
        refused.incrementAndGet();
        lastRefusal = cause + ", " + cause.getCause();
    }

    private static String key(String rule, int port) {
        return rule + ":" + port;
    }

    /** The backend's id; null if there was no flow. */
    @Nullable
    String backend(String rule, int clientPort) {
        return backends.get(key(rule, clientPort));
    }

    int open() {
        return open.get();
    }

    int refused() {
        return refused.get();
    }

    String lastRefusal() {
        return lastRefusal;
    }

    /** Or what is known of ports grows until each was used. */
    void forget() {
        backends.clear();
    }
}
