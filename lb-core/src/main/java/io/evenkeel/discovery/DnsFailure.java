package io.evenkeel.discovery;

/** A question to DNS that was not answered by records. */
final class DnsFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isNoSuchName;

    private final String reason;

    private DnsFailure(String reason, boolean isNoSuchName) {
        super(reason, null, false, false); // it happens every few seconds, and nobody reads its stack
        this.reason = reason;
        this.isNoSuchName = isNoSuchName;
    }

    /** Nobody knows, or nobody could be asked. */
    static DnsFailure of(Object name, String why) {
        return new DnsFailure(name + ": " + why, false);
    }

    /** It is known that there is none. */
    static DnsFailure noSuchName(Object name, String why) {
        return new DnsFailure(name + ": " + why, true);
    }

    String reason() {
        return reason;
    }

    boolean isNoSuchName() {
        return isNoSuchName;
    }
}
