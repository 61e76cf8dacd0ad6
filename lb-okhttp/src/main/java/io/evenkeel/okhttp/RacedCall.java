package io.evenkeel.okhttp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import kotlin.jvm.functions.Function0;
import kotlin.reflect.KClass;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.EventListener;
import okhttp3.Request;
import okhttp3.Response;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/** What the caller sees of a {@link Race}. Tags, timeout and events are those of the first attempt. */
final class RacedCall implements Call {
    private final Rules rules;
    private final Call first;
    private volatile @Nullable Race race;
    private volatile boolean cancelled;

    RacedCall(Rules rules, Call first) {
        this.rules = rules;
        this.first = first;
    }

    /** All attempts so far, as OkHttp's own calls. */
    List<Call> attempts() {
        Race begun = race;
        return begun == null ? List.of(first) : begun.attempts();
    }

    @Override
    public Response execute() throws IOException {
        CompletableFuture<Response> end = new CompletableFuture<>();
        Race begun = begin(new Callback() {
            @Override
            public void onResponse(Call call, Response response) {
                if (!end.complete(response)) {
                    response.close(); // nobody waits any more
                }
            }

            @Override
            public void onFailure(Call call, IOException failure) {
                end.completeExceptionally(failure);
            }
        });
        executeFirst(begun);
        return await(end, begun);
    }

    /** On the caller's thread: most calls need no other. */
    private void executeFirst(Race begun) throws IOException {
        Response response;
        try {
            response = first.execute();
        } catch (IOException failure) {
            begun.first().onFailure(first, failure);
            return;
        } catch (Throwable failure) { // OkHttp throws undeclared ones, too: InterruptedException for one
            begun.cancel();
            throw failure;
        }
        begun.first().onResponse(first, response);
    }

    private static Response await(CompletableFuture<Response> end, Race begun) throws IOException {
        try {
            return end.get();
        } catch (ExecutionException failure) {
            throw (IOException) failure.getCause();
        } catch (InterruptedException interruption) {
            begun.cancel();
            InterruptedIOException thrown = new InterruptedIOException("interrupted");
            if (!end.completeExceptionally(thrown)) {
                end.thenAccept(Response::close);
            }
            Thread.currentThread().interrupt();
            throw thrown;
        }
    }

    @Override
    public void enqueue(Callback callback) {
        first.enqueue(begin(callback).first());
    }

    private synchronized Race begin(Callback end) {
        if (race != null) {
            throw new IllegalStateException("Already Executed");
        }
        Race begun = new Race(rules, this, first, end);
        race = begun;
        begun.begin();
        if (cancelled) {
            begun.cancel();
        }
        return begun;
    }

    @Override
    public void cancel() {
        cancelled = true;
        first.cancel();
        Race begun = race;
        if (begun != null) {
            begun.cancel();
        }
    }

    @Override
    public boolean isCanceled() {
        return cancelled;
    }

    @Override
    public boolean isExecuted() {
        return race != null;
    }

    @Override
    public Request request() {
        return first.request();
    }

    @Override
    public Timeout timeout() {
        return first.timeout();
    }

    @Override
    public void addEventListener(EventListener listener) {
        first.addEventListener(listener);
    }

    @Override
    public <T> @Nullable T tag(KClass<T> type) {
        return first.tag(type);
    }

    @Override
    public <T> @Nullable T tag(Class<? extends T> type) {
        return first.tag(type);
    }

    @Override
    public <T> T tag(KClass<T> type, Function0<? extends T> absent) {
        return first.tag(type, absent);
    }

    @Override
    public <T> T tag(Class<T> type, Function0<? extends T> absent) {
        return first.tag(type, absent);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod") // a new call, as Call.clone has it
    public Call clone() {
        return new RacedCall(rules, first.clone());
    }
}
