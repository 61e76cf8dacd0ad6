package io.evenkeel.orca;

/**
 * {@code cpu_utilization=0.3, named_metrics.queue=4}: the document on the format puts {@code =} between name and number,
 * Envoy reads {@code :}. Here both will do.
 */
final class TextReader {
    private TextReader() {}

    /** False if it is malformed. */
    static boolean read(String text, Draft draft) {
        for (int start = 0; start <= text.length(); ) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            if (!readMetric(text.substring(start, end), draft)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    private static boolean readMetric(String metric, Draft draft) {
        // The last one: names of metrics may have colons in them, and numbers have neither.
        int at = Math.max(metric.lastIndexOf('='), metric.lastIndexOf(':'));
        if (at < 0) {
            return false;
        }
        String name = metric.substring(0, at).strip();
        double value = Decimal.parse(metric.substring(at + 1).strip());
        int dot = name.indexOf('.');
        return dot < 0 ? draft.put(name, value) : draft.put(name.substring(0, dot), name.substring(dot + 1), value);
    }
}
