package io.evenkeel.okhttp;

import static java.net.HttpURLConnection.HTTP_BAD_REQUEST;
import static java.net.HttpURLConnection.HTTP_MULT_CHOICE;
import static java.net.HttpURLConnection.HTTP_PROXY_AUTH;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import kotlin.jvm.JvmClassMappingKt;
import kotlin.reflect.KClass;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What one call has done so far, learned from its events. A trip ends by events and not by a wrapped body, since many a
 * body is never read or closed: that of a 204, of a web socket, of a call that was cancelled.
 */
final class BalancedCall extends EventListener {
    /** The thread that enforces OkHttp's time limits. Nothing else tells the end of a call's time from a cancel. */
    private static final String WATCHDOG = "Okio Watchdog";

    /** OkHttp would make one for each call. */
    private static final KClass<BalancedCall> TAG = JvmClassMappingKt.getKotlinClass(BalancedCall.class);

    /** RFC 9110, section 15.5.20. */
    private static final int MISDIRECTED = 421;

    private volatile @Nullable Trip trip;
    private volatile @Nullable Connection held;
    private volatile @Nullable Way way;
    private volatile @Nullable Line line;
    private volatile @Nullable Outcome cancellation;
    private volatile @Nullable Redirect redirect;
    private volatile @Nullable CountDownLatch pause;
    private volatile int status;
    private @Nullable UnaryOperator<PickContext> aim;
    private boolean listening;

    private BalancedCall() {}

    /** The one of this call; called by the thread that executes it, or before that. */
    static BalancedCall of(Call call) {
        BalancedCall known = call.tag(TAG, BalancedCall::new);
        if (!known.listening) {
            known.listening = true;
            call.addEventListener(known);
        }
        return known;
    }

    /** Before the call is executed: it is a further attempt of a race, whose picks go by this besides. */
    void aim(UnaryOperator<PickContext> aim) {
        this.aim = aim;
    }

    /** Whether it was paid from the budget, to which it adds nothing then. */
    boolean isFurther() {
        return aim != null;
    }

    PickContext aimed(PickContext context) {
        return aim == null ? context : aim.apply(context);
    }

    /** The latest trip, from which the others can be reached. */
    @Nullable
    Trip latest() {
        return trip;
    }

    /** Whether a trip has begun and has not come back: who asks now is asked by another interceptor of ours. */
    boolean isUnderway() {
        Trip latest = trip;
        return latest != null && latest.isInside();
    }

    Trip begin(Pick pick, Request request, Route route) {
        Trip before = trip;
        if (before != null) {
            before.end(); // its response was dropped, or the next request would not be legal
        }
        Trip begun = new Trip(pick, request, before, route);
        trip = begun;
        if (redirect != null) { // to write costs more than to look
            redirect = null;
        }
        Outcome cancelled = cancellation;
        if (cancelled != null) { // a cancel that came before the trip could be seen
            begun.end(cancelled);
        }
        return begun;
    }

    /** The latest that led to another origin, if no trip has begun since. */
    @Nullable
    Redirect redirect() {
        return redirect;
    }

    /** From now on the call goes this way. */
    void takes(Way way) {
        this.way = way;
    }

    /**
     * Whether OkHttp holds a connection for this call that belongs to another way. It would use that again: within a
     * call it compares host and port, and these are logical.
     */
    boolean holdsConnectionOtherThan(Detour detour) {
        Connection connection = held;
        return connection != null
                && detour.isFor(connection.route().address().url())
                && !detour.equals(connection.route().address().dns());
    }

    /** Whether the latest answer, which nothing was sent after, asks for the request once more without having served it. */
    boolean wasToldToSendAgain() {
        return switch (status) {
            case HTTP_UNAUTHORIZED, HTTP_PROXY_AUTH, MISDIRECTED -> true;
            default -> status >= HTTP_MULT_CHOICE && status < HTTP_BAD_REQUEST;
        };
    }

    /** Waits, but not for longer than the call goes on and its thread is not interrupted. */
    void pause(long millis) {
        CountDownLatch end = new CountDownLatch(1);
        pause = end;
        try {
            if (cancellation == null && end.await(millis, TimeUnit.MILLISECONDS)) {
                return; // cancelled: whoever asked for the pause looks
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        held = connection;
        Way now = way;
        line = now != null ? now.acquired(connection) : null;
    }

    @Override
    public void connectionReleased(Call call, Connection connection) {
        held = null;
        Line now = line;
        if (now != null) {
            line = null;
            now.released();
        }
    }

    @Override
    public void secureConnectStart(Call call) {
        Trip now = trip;
        if (now != null) {
            now.handshakeBegan();
        }
    }

    @Override
    public void connectFailed(
            Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException failure) {
        Trip now = trip;
        if (now != null) {
            now.connectFailed();
        }
    }

    @Override
    public void requestHeadersStart(Call call) {
        status = 0;
        Trip now = trip;
        if (now != null) {
            now.sendingBegan();
        }
    }

    @Override
    public void requestBodyStart(Call call) {
        requestBody(true);
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        requestBody(false);
    }

    @Override
    public void requestFailed(Call call, IOException failure) {
        requestBody(false);
    }

    private void requestBody(boolean open) {
        Trip now = trip;
        if (now != null) {
            now.requestBody(open);
        }
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        status = response.code();
        Trip now = trip;
        if (now != null) {
            now.answered(response);
        }
    }

    @Override
    public void responseBodyEnd(Call call, long byteCount) {
        Trip now = trip;
        if (now != null) {
            now.responseBodyEnded();
        }
    }

    @Override
    public void responseFailed(Call call, IOException failure) {
        Trip now = trip;
        if (now != null) {
            now.responseFailed(failure, call.isCanceled());
        }
    }

    @Override
    public void retryDecision(Call call, IOException failure, boolean retry) {
        Trip now = trip;
        // A backend that dies takes along all its kept connections, which OkHttp tries one after the other: that
        // burdens nobody.
        if (now != null && retry && !now.hasLeft() && now.isFirstRepeat()) {
            now.route().budget().repeated();
        }
    }

    @Override
    public void followUpDecision(Call call, Response response, @Nullable Request next) {
        Trip now = trip;
        if (next == null) {
            return;
        }
        if (!Origin.of(next.url()).isOf(response.request().url())) {
            redirect = new Redirect(response, SentOnce.unwrap(next));
            if (now != null) {
                now.leftAfter(response);
            }
        } else if (now != null && !wasToldToSendAgain() && !now.hasLeft()) {
            now.route().budget().repeated();
        }
    }

    @Override
    public void canceled(Call call) {
        boolean outOfTime = Thread.currentThread().getName().equals(WATCHDOG);
        Outcome how = outOfTime ? Outcome.TIMEOUT : Outcome.CANCELLED;
        cancellation = how;
        CountDownLatch pausing = pause;
        if (pausing != null) {
            pausing.countDown();
        }
        Trip now = trip;
        if (now != null) {
            now.end(how);
        }
    }

    @Override
    public void callEnd(Call call) {
        over(call);
    }

    @Override
    public void callFailed(Call call, IOException failure) {
        over(call);
    }

    private void over(Call call) {
        Trip now = trip;
        if (now != null && !call.isCanceled()) {
            now.end();
        }
    }
}
