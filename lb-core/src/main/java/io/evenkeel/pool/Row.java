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
    private final Member @Nullable [] before;
    private final @Nullable Difference difference;

    /** Of members made of nothing that is known. */
    Row(Member[] members) {
        this(members, null, null);
    }

    /** Of members made of others; only their array is kept, so that no row keeps all rows before it. */
    Row(Member[] members, Member @Nullable [] before, @Nullable Difference difference) {
        this.members = members;
        this.before = before;
        this.difference = difference;
    }

    Member[] members() {
        return members;
    }

    Difference since(Row earlier) {
        return difference != null && before == earlier.members
                ? difference
                : Difference.between(earlier.members, members);
    }

    /** Without a copy. */
    List<Member> list() {
        return Collections.unmodifiableList(Arrays.asList(members));
    }
}
