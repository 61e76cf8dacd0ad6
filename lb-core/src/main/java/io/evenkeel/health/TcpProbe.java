package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.concurrent.CompletionStage;

/** Connects and closes. Port 0 is the backend's own. */
record TcpProbe(int port) implements HealthProbe {
    TcpProbe {
        checkArgument(port >= 0 && port <= 65_535, "port: %s (expected: 0 to 65535)", port);
    }

    @Override
    public CompletionStage<ProbeResult> check(ProbeTarget target) {
        return ProbeExchange.connect(target, target.address(port));
    }

    @Override
    public String toString() {
        return port == 0 ? "tcp" : "tcp:" + port;
    }
}
