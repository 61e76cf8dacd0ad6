package io.evenkeel.pool;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the members of a roster stand, by id. Immutable. It says where a member stood once, and how far those behind others
 * may have moved since; whoever looks a place up looks who stands there. So a pool of ten thousand needs no new index for
 * each newcomer, nor for each that leaves.
 */
final class Places {
    /** What may stand beside an index, and how far members may move, before it is made anew: each change copies the one. */
    private static final int MOST = 64;

    private final Map<String, Integer> first;
    private final Map<String, Integer> later;
    private final int least; // the farthest that anybody may have moved to the front: 0 or less
    private final int most; // and to the end

    private Places(Map<String, Integer> first, Map<String, Integer> later, int least, int most) {
        this.first = first;
        this.later = later;
        this.least = least;
        this.most = most;
    }

    static Places of(Member[] members) {
        Map<String, Integer> places = new HashMap<>(members.length * 4 / 3 + 1);
        for (int i = 0; i < members.length; i++) {
            places.put(members[i].backend().id(), i);
        }
        return new Places(places, Map.of(), 0, 0);
    }

    /** Where that id stands among these members; -1 if it does not. */
    int find(String id, Member[] members) {
        int place = near(later.get(id), id, members);
        return place >= 0 ? place : near(first.get(id), id, members);
    }

    private int near(@Nullable Integer once, String id, Member[] members) {
        if (once == null) {
            return -1;
        }
        int end = Math.min(members.length, once + most + 1);
        for (int place = Math.max(0, once + least); place < end; place++) {
            if (members[place].backend().id().equals(id)) {
                return place;
            }
        }
        return -1;
    }

    /** The same after a change. */
    Places after(Difference difference, Member[] members) {
        int[] range = {least, most};
        difference.eachStretch((from, to, length) -> {
            range[0] = Math.min(range[0], least + to - from);
            range[1] = Math.max(range[1], most + to - from);
        });
        Places moved = new Places(first, later, range[0], range[1]);
        int[] unknown = Arrays.stream(difference.came())
                .filter(i -> moved.find(members[i].backend().id(), members) < 0)
                .toArray();
        return later.size() + unknown.length > MOST || range[1] - range[0] > MOST
                ? of(members)
                : moved.with(unknown, members);
    }

    private Places with(int[] unknown, Member[] members) {
        if (unknown.length == 0) {
            return this;
        }
        Map<String, Integer> more = new HashMap<>(later);
        for (int place : unknown) {
            more.put(members[place].backend().id(), place);
        }
        return new Places(first, more, least, most);
    }
}
