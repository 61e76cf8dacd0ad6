package io.evenkeel.okhttp;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A body that can be written once; counts how often it is. */
final class OneShot extends RequestBody {
    final AtomicInteger written = new AtomicInteger();

    @Override
    public @Nullable MediaType contentType() {
        return null;
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        written.incrementAndGet();
        sink.writeUtf8("once");
    }
}
