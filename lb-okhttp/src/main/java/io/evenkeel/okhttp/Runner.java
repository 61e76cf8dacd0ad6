package io.evenkeel.okhttp;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One attempt of a {@link Race}: a call of its own, so that it can be cancelled alone. */
final class Runner implements Callback {
    private final Race race;
    private final Call call;
    private final Duration limit;
    private final Alarm deadline;
    private volatile long startNanos;
    private volatile boolean outOfTime;

    /** @param limit 0 for none */
    Runner(Race race, Call call, Duration limit) {
        this.race = race;
        this.call = call;
        this.limit = limit;
        this.deadline = new Alarm(limit.toNanos(), call::cancel);
    }

    Call call() {
        return call;
    }

    void begin(long nowNanos) {
        startNanos = nowNanos;
        deadline.start();
    }

    long startNanos() {
        return startNanos;
    }

    /** Whether it has failed because its deadline had come. */
    boolean isOutOfTime() {
        return outOfTime;
    }

    /** Whom it has asked so far. */
    List<Backend> tried() {
        List<Backend> tried = new ArrayList<>();
        @Nullable Trip trip = BalancedCall.of(call).latest();
        for (; trip != null; trip = trip.before()) {
            tried.add(trip.pick().backend());
        }
        return tried;
    }

    @Override
    public void onResponse(Call call, Response response) throws IOException {
        if (deadline.stop()) {
            response.close();
            failedByDeadline(new IOException("Canceled"));
        } else {
            race.answered(this, response);
        }
    }

    @Override
    public void onFailure(Call call, IOException failure) {
        if (deadline.stop()) {
            failedByDeadline(failure);
        } else {
            race.failed(this, failure);
        }
    }

    private void failedByDeadline(IOException failure) {
        outOfTime = true;
        SocketTimeoutException late = new SocketTimeoutException("no answer within " + limit + " from " + tried());
        late.initCause(failure);
        race.failed(this, late);
    }
}
