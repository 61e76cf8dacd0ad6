package io.evenkeel.okhttp;

import java.util.Map;
import java.util.function.Function;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Makes a {@link RacedCall} where an origin is balanced, and the client's own call elsewhere. */
final class RacedCalls implements Call.Factory {
    private final OkHttpClient client;
    private final Function<Request, @Nullable BalancedOrigin> originOf;
    private final Map<BalancedOrigin, Rules> rules;

    RacedCalls(
            OkHttpClient client,
            Function<Request, @Nullable BalancedOrigin> originOf,
            Map<BalancedOrigin, Rules> rules) {
        this.client = client;
        this.originOf = originOf;
        this.rules = rules;
    }

    @Override
    public Call newCall(Request request) {
        Call first = client.newCall(request);
        BalancedOrigin origin = originOf.apply(request);
        Rules known = origin == null ? null : rules.get(origin);
        return known == null ? first : new RacedCall(known, first);
    }
}
