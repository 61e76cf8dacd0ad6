package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import io.evenkeel.event.Faults;
import io.evenkeel.netty.rule.Rule;
import java.net.InetSocketAddress;
import java.util.List;

/** Tells all listeners, and keeps what they throw away from the flows. */
final class FlowEvents implements FlowListener {
    private final List<FlowListener> listeners;
    private final Faults faults;

    FlowEvents(List<FlowListener> listeners, Faults faults) {
        this.listeners = List.copyOf(listeners);
        this.faults = faults;
    }

    Faults faults() {
        return faults;
    }

    @Override
    public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
        for (FlowListener listener : listeners) {
            try {
                listener.flowOpened(rule, client, backend);
            } catch (Throwable fault) {
                caught(fault);
            }
        }
    }

    @Override
    public void flowClosed(
            Rule rule,
            InetSocketAddress client,
            Backend backend,
            long bytesFromClient,
            long bytesFromBackend,
            FlowEnd end) {
        for (FlowListener listener : listeners) {
            try {
                listener.flowClosed(rule, client, backend, bytesFromClient, bytesFromBackend, end);
            } catch (Throwable fault) {
                caught(fault);
            }
        }
    }

    @Override
    public void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {
        for (FlowListener listener : listeners) {
            try {
                listener.flowRefused(rule, client, cause);
            } catch (Throwable fault) {
                caught(fault);
            }
        }
    }

    private void caught(Throwable fault) {
        faults.caught("listener", fault);
    }
}
