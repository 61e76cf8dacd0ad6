package io.evenkeel.testing;

import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeResult;
import io.evenkeel.health.ProbeTarget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers by a script: {@code up}, {@code down}, {@code hang}, {@code throw} or {@code null}; the last word goes on. */
public final class ScriptedProbe implements HealthProbe {
    private final Map<String, Deque<String>> scripts = new HashMap<>();
    private final Map<String, Integer> asked = new HashMap<>();
    private final List<CompletableFuture<ProbeResult>> hanging = new ArrayList<>();

    /** What a backend is to answer, one word for each probe. */
    public ScriptedProbe forBackend(String id, String... words) {
        scripts.put(id, new ArrayDeque<>(List.of(words)));
        return this;
    }

    /** How often a backend was asked. */
    public int asked(String id) {
        return asked.getOrDefault(id, 0);
    }

    /** The questions that were left without an answer. */
    public List<CompletableFuture<ProbeResult>> hanging() {
        return hanging;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public CompletionStage<ProbeResult> check(ProbeTarget target) {
        String id = target.backend().id();
        asked.merge(id, 1, Integer::sum);
        Deque<String> script = scripts.get(id);
        String word = script.size() > 1 ? script.poll() : script.peek();
        return switch (word) {
            case "up" -> CompletableFuture.completedFuture(ProbeResult.good("answered"));
            case "down" -> CompletableFuture.completedFuture(ProbeResult.bad("refused"));
            case "hang" -> {
                CompletableFuture<ProbeResult> question = new CompletableFuture<>();
                hanging.add(question);
                yield question;
            }
            case "throw" -> throw new IllegalStateException("on purpose");
            case "null" -> CompletableFuture.completedFuture(null);
            default -> throw new AssertionError(word);
        };
    }
}
