package io.evenkeel;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.PickContext;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * There was no member to choose. The message says for each member why not, for ten of them at the most. It is made when it
 * is asked for, and there is no stack trace, so that refusing many requests is cheap.
 *
 * <p>An {@link IOException}, so that whoever is ready for a network that fails is ready for this.
 */
public final class NoBackendException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_NAMED = 10;

    private final transient PoolSnapshot snapshot;
    private final transient PickContext context;

    private final transient boolean isClosed;

    /** {@code isClosed} says that it was not for the members: their balancer is closed. */
    NoBackendException(PoolSnapshot snapshot, PickContext context, boolean isClosed) {
        this.snapshot = snapshot;
        this.context = context;
        this.isClosed = isClosed;
    }

    /** Does nothing: in an outage it is thrown for every request, and the way to the pick is dearer than all the rest. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** The pool as the pick saw it. */
    public PoolSnapshot snapshot() {
        return snapshot;
    }

    /** Says which pool, and why each member was out. */
    @Override
    public @Nullable String getMessage() {
        if (snapshot == null) {
            return null; // came through Java serialisation, which does not carry the pool
        }
        if (isClosed) {
            return "the load balancer of pool \"" + snapshot.pool() + "\" is closed";
        }
        List<Member> members = snapshot.members();
        String head =
                "pool \"" + snapshot.pool() + "\" (snapshot " + snapshot.version() + ") has no selectable backend";
        if (members.isEmpty()) {
            return head + ": it is empty";
        }
        String rest = members.size() > MAX_NAMED ? ", and " + (members.size() - MAX_NAMED) + " more" : "";
        return members.stream()
                .limit(MAX_NAMED)
                .map(m -> context.excludes(m.backend()) ? m + " (tried already)" : m.toString())
                .collect(Collectors.joining(", ", head + " of " + members.size() + ": ", rest));
    }
}
