package io.evenkeel.okhttp;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;

/** Completes with the body of the answer. */
record Completing(CompletableFuture<String> body) implements Callback {
    @Override
    public void onFailure(Call call, IOException failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onResponse(Call call, Response response) {
        try (response) {
            body.complete(response.body().string());
        } catch (IOException failure) {
            body.completeExceptionally(failure);
        }
    }
}
