package io.evenkeel.okhttp;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.backend.Backend;
import io.evenkeel.event.Faults;
import io.evenkeel.strategy.PickContext;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where requests of one route belong: by the hash of a key, by the session they are part of, or nowhere in particular.
 *
 * @param key what is hashed for keyed strategies
 * @param secret by which it is hashed
 * @param session what is remembered
 * @param sessions where it is
 */
record Belonging(
        @Nullable RequestKey key,
        HashSecret secret,
        @Nullable RequestKey session,
        Sessions sessions,
        Faults faults) {

    PickContext contextOf(Request request, Chain chain) {
        PickContext context = PickContext.none();
        if (key != null) {
            String text = read(key, request, chain);
            context = text == null ? context : PickContext.keyed(secret.hash(text));
        }
        if (session != null) {
            String text = read(session, request, chain);
            context = text == null ? context : sessions.atHome(text, context);
        }
        return context;
    }

    /** Asks for the session once more: the answer may have begun it, by a cookie. */
    void answeredBy(Backend backend, Request request, Chain chain) {
        if (session != null) {
            String text = read(session, request, chain);
            if (text != null) {
                sessions.answeredBy(text, backend);
            }
        }
    }

    private @Nullable String read(RequestKey key, Request request, Chain chain) {
        try {
            return key.of(request, chain.getCookieJar());
        } catch (RuntimeException fault) {
            faults.caught("request key", fault);
            return null;
        }
    }
}
