package io.evenkeel.discovery;

import java.time.Duration;

/**
 * How a source is doing, at one moment. Immutable.
 *
 * @param name what the source is called
 * @param revision how often its list has changed so far; 0 is that there has been none
 * @param age since its last good answer, or since the start where there has been none; the figure to watch
 * @param size how many backends of its last good list may be members
 * @param isStale whether it has given no good answer for the hold time
 * @param failures how many questions in a row went wrong
 * @param reason what went wrong last; empty while nothing does
 */
public record SourceStatus(
        String name, long revision, Duration age, int size, boolean isStale, int failures, String reason) {}
