package io.evenkeel.health;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads as much of an HTTP/1 answer as its verdict needs (RFC 9112, sections 4 and 6). */
final class HttpAnswer {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( [^\\r\\n]*)?");
    private static final Pattern EMPTY_BODY =
            Pattern.compile("^content-length:[ \\t]*0+[ \\t]*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final Pattern FRAMED_BODY =
            Pattern.compile("^(content-length|transfer-encoding):", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private HttpAnswer() {}

    static @Nullable ProbeResult judge(String received, boolean isEnd, boolean isFull) {
        int lineEnd = received.indexOf("\r\n");
        if (lineEnd < 0) {
            return isEnd || isFull ? ProbeResult.bad("no status line") : null;
        }
        Matcher status = STATUS_LINE.matcher(received.substring(0, lineEnd));
        if (!status.matches()) {
            return ProbeResult.bad("not an HTTP/1 answer");
        }
        if (!status.group(1).equals("200")) {
            return ProbeResult.bad("status " + status.group(1));
        }
        int headersEnd = received.indexOf("\r\n\r\n", lineEnd);
        if (headersEnd < 0) {
            return isEnd || isFull ? ProbeResult.bad("headers without end") : null;
        }
        return judgeBody(received.substring(lineEnd, headersEnd), received.length() - headersEnd - 4, isEnd);
    }

    /** A server that sends headers and then hangs is not well, so a body that was promised must begin. */
    private static @Nullable ProbeResult judgeBody(String headers, int bodyLength, boolean isEnd) {
        if (bodyLength > 0 || EMPTY_BODY.matcher(headers).find()) {
            return ProbeResult.good("status 200");
        }
        if (!isEnd) {
            return null;
        }
        return FRAMED_BODY.matcher(headers).find()
                ? ProbeResult.bad("ended before its body")
                : ProbeResult.good("status 200");
    }
}
