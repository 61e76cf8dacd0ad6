package io.evenkeel.netty;

import com.google.common.net.InetAddresses;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.Faults;
import io.evenkeel.netty.RuleTable.Place;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the forwarder itself listens. To connect to a backend there would be a loop that takes all descriptors, so it is never
 * done, whatever a pool says: it counts as an attempt that failed. Safe for use by all event loops.
 *
 * <p>Costs each new flow one look at a bit; more only if the backend has the port of a front end.
 */
final class OwnFrontends {
    /** Names of a zone may lead to ever new addresses of this machine, and nobody reads that many. */
    private static final int MOST_TOLD = 64;

    private final Faults faults;
    private final MachineAddresses machine;
    private volatile Listening listening = Listening.at(List.of());

    /** At one moment. */
    private record Listening(BitSet ports, List<Place> places, Set<InetSocketAddress> told) {
        static Listening at(Collection<Place> places) {
            BitSet ports = new BitSet();
            places.forEach(place -> ports.set(place.port()));
            return new Listening(ports, List.copyOf(places), ConcurrentHashMap.newKeySet());
        }
    }

    OwnFrontends(Faults faults, MachineAddresses machine) {
        this.faults = faults;
        this.machine = machine;
    }

    /** It listens at these from now on, and nowhere else. */
    void are(Collection<Place> places) {
        listening = Listening.at(places);
    }

    /** Whether one of them is there; false of a name that is not looked up yet. */
    boolean isAt(Protocol protocol, InetSocketAddress address) {
        Listening now = listening;
        InetAddress ip = address.getAddress();
        if (ip == null || !now.ports().get(address.getPort())) {
            return false;
        }
        for (Place place : now.places()) {
            if (place.port() == address.getPort() && place.protocol() == protocol && covers(place.address(), ip)) {
                return true;
            }
        }
        return false;
    }

    private boolean covers(InetAddress listening, InetAddress ip) {
        // To connect to an unspecified address leads to this machine.
        return ip.equals(listening) || ip.isAnyLocalAddress() || (listening.isAnyLocalAddress() && machine.has(ip));
    }

    /** Why nobody is connected to there. Told the first time, until front ends change. */
    IOException refusal(InetSocketAddress address) {
        String place = InetAddresses.toUriString(address.getAddress()) + ":" + address.getPort();
        IOException refusal =
                new ConnectException(place + " is a front end of this forwarder, which would connect to itself");
        Set<InetSocketAddress> told = listening.told();
        if (told.size() < MOST_TOLD && told.add(address)) {
            faults.caught("backend", refusal);
        }
        return refusal;
    }

    /** For a flow of UDP, which has no second attempt of its own: a pick of somebody who is not one of these. */
    Pick pickOther(Route route, PickContext context, int attempts) throws IOException {
        PickContext wanted = context;
        for (int attempt = 1; ; attempt++) {
            Pick pick = route.pick(wanted);
            InetSocketAddress address = route.address(pick.backend());
            if (!isAt(Protocol.UDP, address)) {
                return pick;
            }
            pick.report(Outcome.FAILURE);
            IOException refusal = refusal(address);
            if (attempt >= attempts) {
                throw refusal;
            }
            wanted = wanted.excluding(pick.backend());
        }
    }
}
