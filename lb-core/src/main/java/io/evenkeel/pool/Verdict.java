package io.evenkeel.pool;

/**
 * What somebody outside of the pool, such as a probe, has found about a member. Immutable.
 *
 * @param member as a snapshot has it: an answer that was on its way speaks for the place that gave it, and not for another
 *     one that has its id meanwhile
 * @param isUp whether it is well
 * @param reason why, in a few words
 */
public record Verdict(Member member, boolean isUp, String reason) {}
