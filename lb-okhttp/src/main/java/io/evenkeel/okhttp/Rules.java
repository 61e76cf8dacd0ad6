package io.evenkeel.okhttp;

import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * What all races for one route have in common.
 *
 * @param client which has the interceptor, so that each attempt is balanced
 * @param times how long attempts took to answer
 */
record Rules(OkHttpClient client, Route route, CallPolicy policy, RecentTimes times) {

    static Rules of(OkHttpClient client, Route route, CallPolicy policy) {
        return new Rules(client, route, policy, new RecentTimes(policy.hedgeQuantile()));
    }

    Call newCall(Request request) {
        return client.newCall(request);
    }

    /** How long to wait before a hedge; 0 for no hedge. */
    long hedgeNanos() {
        long fixed = policy.hedgeDelay().toNanos();
        if (policy.hedgeQuantile() == 0) {
            return fixed;
        }
        long live = times.nanos();
        return live == 0 ? 0 : Math.max(live, fixed);
    }

    /** Whether there is somebody else to ask. */
    boolean hasOthers() {
        return route.origin().balancer().pool().snapshot().selectable().size() > 1;
    }
}
