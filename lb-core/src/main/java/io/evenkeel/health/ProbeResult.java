package io.evenkeel.health;

import java.util.regex.Pattern;

/**
 * The answer to one probe. Immutable.
 *
 * @param isGood whether the backend is well
 * @param reason what was seen, in a few words, such as {@code status 503}; control characters are replaced
 */
public record ProbeResult(boolean isGood, String reason) {
    private static final int MAX_REASON = 256;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]");

    /** Makes the reason fit for a log line: it may quote what a backend sent. */
    public ProbeResult {
        String line = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "…" : reason;
        reason = UNPRINTABLE.matcher(line).replaceAll("?");
    }

    /** The backend is well. */
    public static ProbeResult good(String reason) {
        return new ProbeResult(true, reason);
    }

    /** The backend is not well. */
    public static ProbeResult bad(String reason) {
        return new ProbeResult(false, reason);
    }

    /** The question could not be asked or not be answered. */
    static ProbeResult failed(Throwable cause) {
        String message = cause.getMessage();
        return bad(message == null ? cause.getClass().getSimpleName() : message);
    }
}
