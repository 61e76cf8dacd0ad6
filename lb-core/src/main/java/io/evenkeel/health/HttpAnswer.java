package io.evenkeel.health;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads as much of an HTTP/1 answer as its verdict needs (RFC 9112, sections 4 and 6). */
record HttpAnswer(Set<Integer> expectedStatuses) implements ProbeExchange.Judge {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( [^\\r\\n]*)?");
    private static final Pattern EMPTY_BODY =
            Pattern.compile("^content-length:[ \\t]*0+[ \\t]*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final Pattern FRAMED_BODY =
            Pattern.compile("^(content-length|transfer-encoding):", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    /** These have no body, whatever their headers say (RFC 9110, section 6.4.1). */
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);

    @Override
    public @Nullable ProbeResult judge(String received, boolean isEnd, boolean isFull) {
        int lineEnd = received.indexOf("\r\n");
        if (lineEnd < 0) {
            return isEnd || isFull ? ProbeResult.bad("no status line") : null;
        }
        Matcher line = STATUS_LINE.matcher(received.substring(0, lineEnd));
        if (!line.matches()) {
            return ProbeResult.bad("not an HTTP/1 answer");
        }
        int status = Integer.parseInt(line.group(1));
        if (!expectedStatuses.contains(status)) {
            return ProbeResult.bad("status " + status);
        }
        int headersEnd = received.indexOf("\r\n\r\n", lineEnd);
        if (headersEnd < 0) {
            return isEnd || isFull ? ProbeResult.bad("headers without end") : null;
        }
        String headers = received.substring(lineEnd, headersEnd);
        boolean hasBegun = received.length() > headersEnd + 4;
        if (hasBegun
                || WITHOUT_BODY.contains(status)
                || EMPTY_BODY.matcher(headers).find()) {
            return ProbeResult.good("status " + status);
        }
        // A server that sends headers and then hangs is not well, so a body that was promised must begin.
        if (!isEnd && !isFull) {
            return null;
        }
        return FRAMED_BODY.matcher(headers).find()
                ? ProbeResult.bad("ended before its body")
                : ProbeResult.good("status " + status);
    }
}
