package io.evenkeel.okhttp;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import java.time.Duration;
import java.util.Date;
import java.util.regex.Pattern;
import okhttp3.Response;

/** A backend that answers 503 and says for how long (RFC 9110, sections 10.2.3 and 15.6.4) is left alone for that time. */
final class RetryAfter {
    static final int UNAVAILABLE = 503;

    /** Whoever is wrong by an hour must not be out for an hour. */
    private static final long LONGEST_SECONDS = 60;

    /** So that a pool which is overloaded as a whole keeps somebody who refuses. */
    private static final int MAX_EJECTED_PERCENT = 50;

    private static final String NAME = "Retry-After";
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

    private RetryAfter() {}

    static void honour(Response answer, BackendPool pool, Member member) {
        long seconds = Math.min(secondsIn(answer), LONGEST_SECONDS);
        if (answer.code() == UNAVAILABLE && seconds > 0) {
            Duration time = Duration.ofSeconds(seconds);
            pool.eject(member, time, "answered 503 with Retry-After", MAX_EJECTED_PERCENT, 100);
        }
    }

    /** A date counts from the server's own, since no two clocks agree. */
    private static long secondsIn(Response answer) {
        String written = answer.header(NAME);
        if (written == null) {
            return 0;
        }
        if (SECONDS.matcher(written).matches()) {
            return Long.parseLong(written);
        }
        Date until = answer.headers().getDate(NAME);
        Date now = answer.headers().getDate("Date");
        return until == null || now == null
                ? 0
                : Duration.between(now.toInstant(), until.toInstant()).toSeconds();
    }
}
