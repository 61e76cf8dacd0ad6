package io.evenkeel.pool;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the members of a roster stand, by id. Immutable. What it still says of members that are gone does no harm, since
 * whoever looks a place up looks who stands there. So a pool of ten thousand needs no new index for each newcomer.
 */
final class Places {
    /** What may stand beside an index before it is made anew: few enough to be copied with each change. */
    private static final int MOST_LATER = 64;

    private final Map<String, Integer> first;
    private final Map<String, Integer> later;

    private Places(Map<String, Integer> first, Map<String, Integer> later) {
        this.first = first;
        this.later = later;
    }

    static Places of(Member[] members) {
        Map<String, Integer> places = new HashMap<>(members.length * 4 / 3 + 1);
        for (int i = 0; i < members.length; i++) {
            places.put(members[i].backend().id(), i);
        }
        return new Places(places, Map.of());
    }

    /** Where that id stands among these members; -1 if it does not. */
    int find(String id, Member[] members) {
        int place = at(later.get(id), id, members);
        return place >= 0 ? place : at(first.get(id), id, members);
    }

    private static int at(@Nullable Integer place, String id, Member[] members) {
        if (place == null || place >= members.length) {
            return -1;
        }
        return members[place].backend().id().equals(id) ? place : -1;
    }

    /** The same for members of whom only those at {@code moved} stand where they did not stand before. */
    Places after(int[] moved, Member[] members) {
        if (moved.length == 0) {
            return this;
        }
        if (later.size() + moved.length > MOST_LATER) {
            return of(members);
        }
        Map<String, Integer> more = new HashMap<>(later);
        for (int place : moved) {
            more.put(members[place].backend().id(), place);
        }
        return new Places(first, more);
    }
}
