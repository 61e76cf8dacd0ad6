package io.evenkeel.orca;

import java.util.regex.Pattern;

/** Numbers as JSON writes them (RFC 8259, section 6) and no others: Java itself would take {@code 0x1p3} and {@code 1f}. */
final class Decimal {
    private static final Pattern GRAMMAR = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

    private Decimal() {}

    /** NaN for whatever is no number, infinity for what is too large: no report takes either. */
    static double parse(String text) {
        return GRAMMAR.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    }
}
