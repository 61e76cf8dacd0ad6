package io.evenkeel.netty;

import io.evenkeel.netty.RuleTable.Entry;
import io.evenkeel.netty.RuleTable.Place;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The way from one table of rules to another. {@link #prepare} does all that can fail, and clients notice nothing of it;
 * {@link #commit} cannot fail.
 */
final class RuleChange {
    private final RuleTable before;
    private final Engine engine;
    private final Map<Slot, RunningRule> staying = new HashMap<>();
    private final Set<RunningRule> leaving;
    private final List<RunningRule> coming = new ArrayList<>();
    private final Map<String, Entry> after = new LinkedHashMap<>();

    /** One front end of a rule; the front end itself would not do, since those with port 0 may repeat. */
    private record Slot(String rule, int number) {}

    private RuleChange(RuleTable before, Engine engine) {
        this.before = before;
        this.engine = engine;
        this.leaving = new LinkedHashSet<>(before.sockets().values());
    }

    /** Binds what is new. What fails leaves everything as it was. */
    static RuleChange prepare(RuleTable before, List<Rule> rules, Engine engine) throws IOException {
        RuleChange change = new RuleChange(before, engine);
        rules.forEach(change::keepByPort);
        rules.forEach(change::keepByName);
        try {
            for (Rule rule : rules) {
                change.open(rule);
            }
            return change;
        } catch (Throwable e) {
            change.undo();
            throw e;
        }
    }

    private void keepByPort(Rule rule) {
        Map<Place, RunningRule> sockets = before.sockets();
        for (int i = 0; i < rule.frontends().size(); i++) {
            RunningRule socket = sockets.get(Place.of(rule.frontends().get(i)));
            if (socket != null && leaving.remove(socket)) {
                staying.put(new Slot(rule.name(), i), socket);
            }
        }
    }

    /** A port that the system chose stays with the name of its rule. */
    private void keepByName(Rule rule) {
        for (int i = 0; i < rule.frontends().size(); i++) {
            Slot slot = new Slot(rule.name(), i);
            Place wanted = Place.of(rule.frontends().get(i));
            before.frontends(rule.name()).stream()
                    .filter(socket -> wanted.port() == 0)
                    .filter(socket -> Place.of(socket.context().frontend()).equals(wanted))
                    .filter(leaving::contains)
                    .findFirst()
                    .ifPresent(socket -> {
                        leaving.remove(socket);
                        staying.put(slot, socket);
                    });
        }
    }

    private void open(Rule rule) throws IOException {
        Entry entry = entry(rule);
        after.put(rule.name(), entry);
        for (Frontend frontend : rule.frontends()) {
            RunningRule socket =
                    staying.get(new Slot(rule.name(), entry.frontends().size()));
            if (socket == null) {
                socket = engine.open(engine.context(entry, frontend));
                socket.bind();
                coming.add(socket);
            }
            entry.frontends().add(socket);
        }
    }

    private Entry entry(Rule rule) {
        Entry same = before.entries().get(rule.name());
        if (same == null) {
            return new Entry(engine.route(rule), engine.gate(rule, new FlowCounts()), new ArrayList<>());
        }
        if (same.route().rule().equals(rule)) {
            return new Entry(same.route(), same.gate(), new ArrayList<>());
        }
        return new Entry(engine.route(rule), engine.gate(rule, same.gate().counts()), new ArrayList<>());
    }

    private void undo() {
        coming.forEach(RunningRule::close);
        closeRoutes(after, before.entries());
    }

    /** The table once this is committed. */
    RuleTable after() {
        return new RuleTable(after);
    }

    /** Shows the change to clients. */
    void commit() {
        for (Entry entry : after.values()) {
            List<Frontend> frontends = entry.route().rule().frontends();
            for (int i = 0; i < frontends.size(); i++) {
                RunningRule socket = entry.frontends().get(i);
                RuleContext context = engine.context(entry, frontends.get(i));
                if (!socket.context().equals(context)) {
                    socket.follow(context);
                }
            }
        }
        coming.forEach(RunningRule::start);
        leaving.forEach(RunningRule::close);
        closeRoutes(before.entries(), after);
    }

    /** Routes of some that are not among others. */
    private static void closeRoutes(Map<String, Entry> some, Map<String, Entry> others) {
        some.forEach((name, entry) -> {
            Entry other = others.get(name);
            if (other == null || other.route() != entry.route()) {
                entry.route().close();
            }
        });
    }
}
