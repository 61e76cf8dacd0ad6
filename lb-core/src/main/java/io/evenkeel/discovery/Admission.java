package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which backends of an answer may be members, and why the others may not. */
record Admission(DiscoveryPolicy policy, boolean isTrusted) {

    /** Those that may, in the order of the answer, and those that may not, with the reason. */
    record Admitted(List<Backend> backends, Map<Backend, String> refused) {}

    /** {@code known} are the ids that come first where there is no room for all. */
    Admitted of(Collection<Backend> answered, Set<String> known) {
        Map<String, Backend> admitted = new LinkedHashMap<>();
        Map<Backend, String> refused = new LinkedHashMap<>();
        for (Backend backend : answered) {
            Optional<String> refusal = refusal(backend);
            if (refusal.isPresent()) {
                refused.put(backend, refusal.get());
            } else {
                Backend first = admitted.putIfAbsent(backend.id(), backend);
                if (first != null && !first.equals(backend)) {
                    refused.put(backend, "its id is in the list twice");
                }
            }
        }
        return within(policy.maxMembers(), new ArrayList<>(admitted.values()), known, refused);
    }

    private Optional<String> refusal(Backend backend) {
        Optional<String> refusal =
                isTrusted ? Optional.empty() : policy.addresses().refusal(backend.address());
        return refusal.isPresent() || policy.filter().test(backend) ? refusal : Optional.of("filtered out");
    }

    private static Admitted within(int most, List<Backend> all, Set<String> known, Map<Backend, String> refused) {
        if (all.size() > most) {
            all.sort((a, b) -> Boolean.compare(known.contains(b.id()), known.contains(a.id())));
            List<Backend> over = all.subList(most, all.size());
            over.forEach(backend -> refused.put(backend, "over the limit of " + most));
            over.clear();
        }
        return new Admitted(List.copyOf(all), Map.copyOf(refused));
    }
}
