package io.evenkeel.okhttp;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.Member;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One request to each of several members. OkHttp makes connections for requests only. */
final class WarmUp implements Callback {
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger left;

    private WarmUp(int calls) {
        left = new AtomicInteger(calls);
    }

    static CompletionStage<Integer> start(OkHttpClient client, Request request, List<Member> members) {
        if (members.isEmpty()) {
            return CompletableFuture.completedStage(0);
        }
        WarmUp warmUp = new WarmUp(members.size());
        for (Member member : members) {
            Backend backend = member.backend();
            Call call = client.newCall(request);
            BalancedCall.of(call).aim(context -> context.preferring(backend));
            call.enqueue(warmUp);
        }
        return warmUp.end.minimalCompletionStage();
    }

    @Override
    public void onResponse(Call call, Response response) {
        response.close();
        @Nullable Trip last = BalancedCall.of(call).latest();
        if (last != null && last.before() == null) { // else the one who was meant did not answer
            answered.incrementAndGet();
        }
        over();
    }

    @Override
    public void onFailure(Call call, IOException failure) {
        over();
    }

    private void over() {
        if (left.decrementAndGet() == 0) {
            end.complete(answered.get());
        }
    }
}
