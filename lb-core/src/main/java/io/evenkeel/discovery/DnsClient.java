package io.evenkeel.discovery;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.common.primitives.Ints;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks for records of names, and follows aliases. Waits for the answers. */
record DnsClient(DnsExchange exchange) {
    /** A second question at the end of the chain is for servers that do not follow aliases themselves. */
    private static final int MOST_QUESTIONS = 8;

    private static final Set<Integer> ADDRESS_TYPES = Set.of(Type.A, Type.AAAA);

    /** What was found for a name; the time to live is the shortest on the way. */
    record Addresses(List<InetAddress> addresses, long ttlSeconds) {}

    /** Services, and what else came with them. */
    record Services(List<SRVRecord> services, List<Record> additional, long ttlSeconds) {

        /** The addresses of a service; none if it has gone meanwhile. */
        Addresses of(SRVRecord service, DnsClient client) throws DnsFailure {
            List<Record> given = additional.stream()
                    .filter(r -> r.getName().equals(service.getTarget()) && ADDRESS_TYPES.contains(r.getType()))
                    .toList();
            if (!given.isEmpty()) {
                return addressesIn(given);
            }
            try {
                return client.addresses(service.getTarget(), DnsQuery.Kind.ADDRESSES);
            } catch (DnsFailure e) {
                if (!e.isNoSuchName()) {
                    throw e;
                }
                return new Addresses(List.of(), Long.MAX_VALUE);
            }
        }
    }

    static DnsClient of(DnsQuery query) {
        List<InetSocketAddress> servers =
                query.servers().isEmpty() ? ResolverConfig.getCurrentConfig().servers() : query.servers();
        return new DnsClient(new DnsExchange(servers, Ints.saturatedCast(MILLISECONDS.convert(query.timeout()))));
    }

    static void checkName(String name) {
        checkArgument(parse(name).isPresent(), "name: \"%s\" (expected: a name of DNS)", name);
    }

    static Name name(String text) throws DnsFailure {
        return parse(text).orElseThrow(() -> DnsFailure.of(text, "too long for a name"));
    }

    private static Optional<Name> parse(String text) {
        try {
            Name name = Name.fromString(text, Name.root);
            return name.equals(Name.root) ? Optional.empty() : Optional.of(name);
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }

    /** At least one. */
    Addresses addresses(Name name, DnsQuery.Kind kind) throws DnsFailure {
        List<Record> records = new ArrayList<>();
        if (kind != DnsQuery.Kind.IPV6) {
            records.addAll(ask(name, Type.A).records());
        }
        if (kind != DnsQuery.Kind.IPV4) {
            records.addAll(ask(name, Type.AAAA).records());
        }
        Addresses found = addressesIn(records);
        if (found.addresses().isEmpty()) {
            throw DnsFailure.noSuchName(name, "no addresses");
        }
        return found;
    }

    /** At least one. */
    Services services(Name name) throws DnsFailure {
        Chain answer = ask(name, Type.SRV);
        List<SRVRecord> services = answer.records().stream()
                .filter(r -> r instanceof SRVRecord srv && !srv.getTarget().equals(Name.root))
                .map(SRVRecord.class::cast)
                .toList();
        if (services.isEmpty()) {
            throw DnsFailure.noSuchName(name, "no services");
        }
        return new Services(services, answer.additional(), shortest(answer.records()));
    }

    /** The records at the end of a chain of aliases, and these. */
    private record Chain(List<Record> records, List<Record> additional) {}

    private Chain ask(Name asked, int type) throws DnsFailure {
        List<Record> aliases = new ArrayList<>();
        Set<Name> seen = new HashSet<>();
        Name name = asked;
        for (int questions = 0; questions < MOST_QUESTIONS; questions++) {
            DnsExchange.Answer answer = exchange.ask(name, type);
            Name end = follow(name, answer.records(), aliases, seen);
            List<Record> found = at(end, type, answer.records());
            boolean isFollowed = !end.equals(name);
            if (answer.rcode() == Rcode.NXDOMAIN) {
                throw DnsFailure.noSuchName(asked, "NXDOMAIN");
            }
            if (!found.isEmpty() || !isFollowed) {
                List<Record> all = new ArrayList<>(found);
                all.addAll(found.isEmpty() ? List.of() : aliases);
                return new Chain(all, answer.additional());
            }
            name = end;
        }
        throw DnsFailure.of(asked, "a chain of names without an end");
    }

    private static Name follow(Name name, List<Record> answer, List<Record> aliases, Set<Name> seen) throws DnsFailure {
        Name end = name;
        for (List<Record> alias = at(end, Type.CNAME, answer); !alias.isEmpty(); alias = at(end, Type.CNAME, answer)) {
            if (!seen.add(end)) {
                throw DnsFailure.of(name, "a loop of names");
            }
            aliases.add(alias.get(0));
            end = ((CNAMERecord) alias.get(0)).getTarget();
        }
        return end;
    }

    private static List<Record> at(Name name, int type, List<Record> records) {
        return records.stream()
                .filter(r -> r.getType() == type && r.getName().equals(name))
                .toList();
    }

    private static Addresses addressesIn(List<Record> records) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record each : records) {
            if (each instanceof ARecord ipv4) {
                addresses.add(withoutName(ipv4.getAddress()));
            } else if (each instanceof AAAARecord ipv6) {
                addresses.add(withoutName(ipv6.getAddress()));
            }
        }
        return new Addresses(addresses, shortest(records));
    }

    /** An address that carries a name would be shown, and asked for certificates, by that. */
    private static InetAddress withoutName(InetAddress named) {
        try {
            return InetAddress.getByAddress(named.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("it was an address before", e);
        }
    }

    private static long shortest(List<Record> records) {
        return records.stream().mapToLong(Record::getTTL).min().orElse(0);
    }
}
