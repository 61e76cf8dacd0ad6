package io.evenkeel.benchmarks.simulation;

import io.evenkeel.backend.Backend;
import io.evenkeel.strategy.LoadProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks a server how busy it is; the answer takes a moment, and tells what was true on half of the way. */
final class FleetProbe implements LoadProbe {
    private static final long ONE_WAY_NANOS = 500_000;

    private final Fleet fleet;

    FleetProbe(Fleet fleet) {
        this.fleet = fleet;
    }

    @Override
    public CompletionStage<Answer> ask(Backend backend) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Server server = fleet.server(Fleet.indexOf(backend));
        Timeline timeline = fleet.timeline();
        timeline.in(ONE_WAY_NANOS, tag -> arrive(server, answer), 0);
        return answer;
    }

    private void arrive(Server server, CompletableFuture<Answer> answer) {
        if (server.isDown()) {
            fleet.timeline().in(ONE_WAY_NANOS, tag -> answer.completeExceptionally(new IOException("refused")), 0);
            return;
        }
        Answer told = new Answer(server.inFlight(), Duration.ofNanos(server.latencyNanos()));
        fleet.timeline().in(ONE_WAY_NANOS, tag -> answer.complete(told), 0);
    }
}
