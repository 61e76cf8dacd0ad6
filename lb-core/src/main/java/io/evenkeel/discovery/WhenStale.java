package io.evenkeel.discovery;

/** What happens to members whose source has given no good answer for the hold time. */
public enum WhenStale {
    /** They stay: what was right a while ago is the best that is known. The default. */
    KEEP_ALL,
    /** Those that no probe finds well leave, unless that is all of them; the others stay. Needs a probed pool. */
    KEEP_WELL
}
