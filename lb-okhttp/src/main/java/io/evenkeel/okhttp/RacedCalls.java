package io.evenkeel.okhttp;

import java.util.Map;
import java.util.function.Function;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Makes a {@link RacedCall} where a route balances, and the client's own call elsewhere. */
final class RacedCalls implements Call.Factory {
    private final OkHttpClient client;
    private final Function<Request, @Nullable Route> routeOf;
    private final Map<Route, Rules> rules;

    RacedCalls(OkHttpClient client, Function<Request, @Nullable Route> routeOf, Map<Route, Rules> rules) {
        this.client = client;
        this.routeOf = routeOf;
        this.rules = rules;
    }

    @Override
    public Call newCall(Request request) {
        Call first = client.newCall(request);
        Route route = routeOf.apply(request);
        Rules known = route == null ? null : rules.get(route);
        return known == null ? first : new RacedCall(known, first);
    }
}
