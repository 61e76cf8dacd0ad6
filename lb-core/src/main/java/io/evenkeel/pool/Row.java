package io.evenkeel.pool;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members one after the other, and how they differ from those they were made of: whoever has these need not walk through
 * both. Immutable; nobody writes the array.
 */
final class Row {
    static final Row EMPTY = new Row(new Member[0]);

    private final Member[] members;
    private final Object key = new Object(); // for later rows, which must not keep members that are gone
    private final @Nullable Object keyBefore;
    private final @Nullable Difference difference;

    /** Of members made of nothing that is known. */
    Row(Member[] members) {
        this.members = members;
        this.keyBefore = null;
        this.difference = null;
    }

    /** Of members made of others. */
    Row(Member[] members, Row before, Difference difference) {
        this.members = members;
        this.keyBefore = before.key;
        this.difference = difference;
    }

    Member[] members() {
        return members;
    }

    Difference since(Row earlier) {
        return difference != null && keyBefore == earlier.key
                ? difference
                : Difference.between(earlier.members, members);
    }

    /** Without a copy. */
    List<Member> list() {
        return Collections.unmodifiableList(Arrays.asList(members));
    }
}
