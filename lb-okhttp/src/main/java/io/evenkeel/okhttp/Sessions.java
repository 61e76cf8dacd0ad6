package io.evenkeel.okhttp;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.evenkeel.backend.Backend;
import io.evenkeel.strategy.PickContext;

/**
 * Which backend serves which session of one route; the least recently used session gives way. A call of a session that is
 * known is a wish and no choice, so the strategy is not asked and its order does not move.
 */
final class Sessions {
    private final Cache<String, Backend> homes;

    Sessions(int most) {
        // One segment, so that the limit is kept to the last session.
        this.homes =
                CacheBuilder.newBuilder().maximumSize(most).concurrencyLevel(1).build();
    }

    /** The same, but at home, if that is known. */
    PickContext atHome(String session, PickContext context) {
        Backend home = homes.getIfPresent(session);
        return home == null ? context : context.preferring(home);
    }

    /** This backend has answered: from now on, it is home. */
    void answeredBy(String session, Backend backend) {
        if (!backend.equals(homes.getIfPresent(session))) {
            homes.put(session, backend);
        }
    }
}
