package io.evenkeel.okhttp;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One way of one call to one backend, from the pick to the last byte. It may be over on one thread while another still
 * has news of it, so every field is volatile; the pick itself ends only once.
 */
final class Trip {
    private final Pick pick;
    private final Request request;
    private final @Nullable Trip before;
    private final Route route;
    private final long start;

    /** Written before the outcome, and read after it. */
    private long elapsed;

    private volatile @Nullable Outcome outcome;
    private volatile Outcome answer = Outcome.CANCELLED;
    private volatile boolean left;
    private volatile boolean inside = true;
    private volatile boolean returned;
    private volatile boolean sent;
    private volatile boolean unconnected;
    private volatile boolean greeted;
    private volatile boolean requestOpen;
    private volatile boolean responseOpen;
    private boolean repeated;

    Trip(Pick pick, Request request, @Nullable Trip before, Route route) {
        this.pick = pick;
        this.request = request;
        this.before = before;
        this.route = route;
        this.start = route.now();
    }

    Pick pick() {
        return pick;
    }

    /** What is asked for, as the caller wrote it, or the redirect from another route. */
    Request request() {
        return request;
    }

    /** The trip of the same call before this one. */
    @Nullable
    Trip before() {
        return before;
    }

    /** How it ended; null as long as it goes on. */
    @Nullable
    Outcome outcome() {
        return outcome;
    }

    /** How long it took, or has taken so far. */
    long elapsedNanos() {
        return outcome != null ? elapsed : route.now() - start;
    }

    Route route() {
        return route;
    }

    /** Whether {@code proceed} has neither returned nor thrown. */
    boolean isInside() {
        return inside;
    }

    /** Whether headers are here, and the body may be on its way. */
    boolean hasReturned() {
        return returned;
    }

    /** No connection was made and no byte was sent: the request may go elsewhere, whatever it is. */
    boolean isUntouched() {
        return unconnected && !sent;
    }

    /** Not even a handshake was begun, which is the dearest part of many a request. */
    boolean hasCostNothing() {
        return isUntouched() && !greeted;
    }

    /** A redirect has led the call away from this backend. */
    boolean hasLeft() {
        return left;
    }

    /** Whether OkHttp repeats it on another connection for the first time; told by the thread of the call. */
    boolean isFirstRepeat() {
        boolean isFirst = !repeated;
        repeated = true;
        return isFirst;
    }

    void handshakeBegan() {
        greeted = true;
    }

    void connectFailed() {
        unconnected = true;
    }

    void sendingBegan() {
        sent = true;
    }

    void requestBody(boolean open) {
        requestOpen = open;
        endIfOver();
    }

    /** Headers have come over the network, be it those of a redirect or of an answer that OkHttp asks for once more. */
    void answered(Response response) {
        responseOpen = true;
        if (outcome == null) { // else the call has been led elsewhere, and this is somebody else's answer
            Reports.passOn(response, pick);
        }
    }

    void responseBodyEnded() {
        responseOpen = false;
        endIfOver();
    }

    /** Headers are here. The bodies may go on, or may be over already: no body is announced before its headers are. */
    void returned(Response response) {
        answer = outcomeOf(response);
        responded(answer);
        returned = true;
        inside = false;
        endIfOver();
    }

    void threw(Throwable failure, boolean cancelled) {
        inside = false;
        if (!cancelled) { // else the event of that knows whether it was a person or the clock
            end(Outcomes.of(failure));
        }
    }

    /** Before headers are here, OkHttp may still recover; if it does not, {@code proceed} throws. */
    void responseFailed(Throwable failure, boolean cancelled) {
        if (returned && !cancelled) {
            end(Outcomes.of(failure));
        }
    }

    /** The next request of this call goes to another origin: this backend has done its part, whatever comes. */
    void leftAfter(Response answer) {
        left = true;
        Outcome how = outcomeOf(answer);
        responded(how);
        end(how);
        sent = true; // a redirect from the cache sent nothing, but no other backend could do better
    }

    /** Nothing more will be heard. */
    void end() {
        end(answer);
    }

    void end(Outcome how) {
        if (outcome == null && pick.report(how)) { // most calls come here twice: by their body's end, and by their own
            elapsed = route.now() - start;
            outcome = how;
        }
    }

    private void responded(Outcome soFar) {
        if (soFar != Outcome.CANCELLED) { // a quick answer of the cache is not a quick backend
            pick.responded(soFar);
        }
    }

    /** What comes from the cache, or from an interceptor in between, says nothing about the backend. */
    private Outcome outcomeOf(Response response) {
        return sent ? route.outcomeOf(response) : Outcome.CANCELLED;
    }

    private void endIfOver() {
        if (returned && !requestOpen && !responseOpen) {
            end(answer);
        }
    }
}
