package io.evenkeel.okhttp;

import io.evenkeel.NoBackendException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Why the attempts of a call failed that did not get an answer. Immutable. */
record Failures(List<IOException> all) {
    static final Failures NONE = new Failures(List.of());

    Failures and(IOException failure) {
        List<IOException> more = new ArrayList<>(all);
        more.add(failure);
        return new Failures(more);
    }

    /** The last one, with those before it as suppressed. */
    IOException last() {
        IOException last = all.get(all.size() - 1);
        for (IOException earlier : all) {
            if (earlier != last) {
                last.addSuppressed(earlier);
            }
        }
        return last;
    }

    /** The same, with the reason why there was no further attempt. */
    IOException lastBefore(NoBackendException none) {
        IOException last = last();
        last.addSuppressed(none);
        return last;
    }
}
