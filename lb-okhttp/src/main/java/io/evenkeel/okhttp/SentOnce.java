package io.evenkeel.okhttp;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * A body that OkHttp may write a second time only if the server has told it to: by a redirect, or because it wants the
 * request authenticated. OkHttp asks each time whether the body is good for one time only.
 */
final class SentOnce extends RequestBody {
    private final RequestBody body;
    private final BalancedCall call;

    SentOnce(RequestBody body, BalancedCall call) {
        this.body = body;
        this.call = call;
    }

    /** The request with the body that its caller gave it. */
    static Request unwrap(Request request) {
        return request.body() instanceof SentOnce once
                ? request.newBuilder().method(request.method(), once.body).build()
                : request;
    }

    @Override
    public @Nullable MediaType contentType() {
        return body.contentType();
    }

    @Override
    public long contentLength() throws IOException {
        return body.contentLength();
    }

    @Override
    public boolean isDuplex() {
        return body.isDuplex();
    }

    @Override
    public boolean isOneShot() {
        return body.isOneShot() || !call.wasToldToSendAgain();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        body.writeTo(sink);
    }
}
