package io.evenkeel.discovery;

import io.evenkeel.event.Faults;
import org.jspecify.annotations.Nullable;

/** Calls the code of one source, one call at a time: one that may block holds up a thread of its own and nobody else. */
final class SourceCall {
    private final BackendSource source;
    private final SourceObserver observer;
    private final Faults faults;
    private final String threadName;
    private @Nullable Thread inside; // guarded by this

    SourceCall(BackendSource source, SourceObserver observer, Faults faults, String threadName) {
        this.source = source;
        this.observer = observer;
        this.faults = faults;
        this.threadName = threadName;
    }

    /** Asks. False if the call before has not returned. */
    boolean begin() {
        if (!source.mayBlock()) {
            ask();
            return true;
        }
        synchronized (this) {
            if (inside != null) {
                return false;
            }
            inside = new Thread(this::askAndLeave, threadName);
            inside.setDaemon(true);
            try {
                inside.start();
            } catch (Throwable fault) { // no thread left
                inside = null;
                blame(fault);
            }
            return true;
        }
    }

    private void askAndLeave() {
        try {
            ask();
        } finally {
            synchronized (this) {
                inside = null;
            }
        }
    }

    private void ask() {
        try {
            source.ask(observer);
        } catch (Throwable fault) {
            // What is thrown after an interrupt is the answer to it.
            if (!Thread.currentThread().isInterrupted() && !(fault instanceof InterruptedException)) {
                blame(fault);
            }
        }
    }

    private void blame(Throwable fault) {
        faults.caught("source", fault);
        observer.failed(fault.toString());
    }

    /** Calls the thread back that has not returned, if there is one. */
    synchronized void interrupt() {
        if (inside != null) {
            inside.interrupt();
        }
    }
}
