package io.evenkeel.okhttp;

import io.evenkeel.orca.LoadReport;
import io.evenkeel.pool.Pick;
import okhttp3.Response;

/** What an answer tells of its backend's own load. */
final class Reports {
    private Reports() {}

    /** Costs one comparison where the strategy measures nothing, and the search for two headers where it does. */
    static void passOn(Response answer, Pick pick) {
        if (pick.member().meter() == null) {
            return;
        }
        String text = answer.header(LoadReport.HEADER);
        if (text != null) {
            LoadReport.parse(text).ifPresent(pick::reported);
            return;
        }
        String binary = answer.header(LoadReport.BINARY_HEADER);
        if (binary != null) {
            LoadReport.parseBinary(binary).ifPresent(pick::reported);
        }
    }
}
