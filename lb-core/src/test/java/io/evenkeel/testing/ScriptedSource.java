package io.evenkeel.testing;

import io.evenkeel.backend.Backend;
import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.SourceObserver;
import java.util.List;
import java.util.concurrent.Callable;

/** Answers as a test says, and counts the questions; never blocks, so that it runs in virtual time. */
public final class ScriptedSource implements BackendSource {
    private final String name;
    private Callable<List<Backend>> answer = List::of;
    private int asked;
    private int closed;
    private SourceObserver observer;

    /** A source that knows nobody so far. */
    public ScriptedSource(String name) {
        this.name = name;
    }

    /** Answers with these from now on. */
    public ScriptedSource answering(List<Backend> backends) {
        answer = () -> backends;
        return this;
    }

    /** Does that at each question from now on; null is no answer at all. */
    public ScriptedSource doing(Callable<List<Backend>> action) {
        answer = action;
        return this;
    }

    /** How often it was asked. */
    public int asked() {
        return asked;
    }

    /** How often it was closed. */
    public int closed() {
        return closed;
    }

    /** To whom it answers, once it was asked. */
    public SourceObserver observer() {
        return observer;
    }

    @Override
    public void ask(SourceObserver asking) throws Exception {
        asked++;
        observer = asking;
        List<Backend> backends = answer.call();
        if (backends != null) {
            asking.deliver(backends);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public void close() {
        closed++;
    }
}
