package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.testing.Await;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that turns events into lines. */
final class FlowLog implements FlowListener {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Exception> refusals = new CopyOnWriteArrayList<>();

    List<String> lines() {
        return List.copyOf(lines);
    }

    List<Exception> refusals() {
        return List.copyOf(refusals);
    }

    /** Those that have this in them. */
    List<String> linesWith(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    void awaitLine(String line) {
        Await.until("\"" + line + "\" is told, now: " + lines, () -> lines.contains(line));
    }

    /** The messages of the first refusal and of what was tried before it. */
    String awaitRefusal() {
        Await.until("a refusal is told", () -> !refusals.isEmpty());
        return refusals.get(0).getMessage();
    }

    /** The message of the newest refusal, or nothing. */
    String lastRefusal() {
        List<Exception> now = refusals();
        return now.isEmpty() ? "" : String.valueOf(now.get(now.size() - 1).getMessage());
    }

    @Override
    public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
        lines.add(rule.name() + " opened " + backend);
    }

    @Override
    public void flowClosed(
            Rule rule, InetSocketAddress client, Backend backend, long fromClient, long fromBackend, FlowEnd end) {
        lines.add(rule.name() + " closed " + backend + " " + fromClient + " " + fromBackend + " " + end);
    }

    @Override
    public void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {
        refusals.add(cause);
        lines.add(rule.name() + " refused");
    }
}
