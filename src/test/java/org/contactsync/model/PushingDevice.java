package org.contactsync.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.PushOptions;
import org.contactsync.client.PushResult;
import org.contactsync.client.PushResult.Agreed;
import org.contactsync.client.PushResult.NeedsConfirmation;
import org.contactsync.client.PushResult.Refused;
import org.contactsync.client.Synchroniser;
import org.contactsync.client.compare.OnConflict;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.BookClient.Contents;
import org.contactsync.client.state.StateFile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.problem.ProblemType;

/** A device with the shipped client: it pushes, then takes over the book as it is, as a user does with {@code push} and {@code pull}. */
final class PushingDevice implements Device {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T10:15:30Z"), ZoneOffset.UTC);
    private static final int ATTEMPTS = 4;

    /** What the client says of an account that was erased (protocol 4.23.4). */
    private static final String BEGAN_ANEW = "account-began-anew";

    private final String name;
    private final BookClient client;
    private final Path states;
    private final Account account;
    private final Wire wire;
    private final RepairTable table;
    private final TreeMap<Uid, CanonicalCard> book = new TreeMap<>();

    /** @param states a directory of its own */
    PushingDevice(String name, BookClient client, Path states, Wire wire, RepairTable table) {
        this.name = name;
        this.client = client;
        this.states = states;
        this.wire = wire;
        this.table = table;
        account = new Account(URI.create("http://127.0.0.1:1"), "token", Optional.empty());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<Uid, CanonicalCard> book() {
        return book;
    }

    @Override
    public void synchronise() throws ServerUnreachable, ServerRefusal, IOException {
        push(false);
        Optional<Contents> listed = Optional.empty();
        for (int attempt = 1; attempt <= ATTEMPTS && listed.isEmpty(); attempt++) {
            listed = client.contents(); // a task that waited may change the book meanwhile
        }
        Contents contents = listed.orElseThrow();
        if (!contents.isWhole(new CheckCodes(client.book().checkKey()))) {
            throw new AssertionError("the list of contacts does not have the check code that it says");
        }
        book.clear();
        book.putAll(contents.contacts());
        push(false); // writes down what it has now
    }

    @Override
    public void replace() throws ServerUnreachable, ServerRefusal, IOException {
        push(true);
    }

    private void push(boolean replace) throws ServerUnreachable, ServerRefusal, IOException {
        boolean whole = replace;
        boolean confirmed = replace;
        Priority priority = Priority.BACKGROUND;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            PushResult result;
            try {
                result = push(new PushOptions(whole, confirmed, false, OnConflict.FILE, priority));
            } catch (ServerRefusal e) {
                if (!e.problem().code().equals(BEGAN_ANEW)) {
                    throw e;
                }
                whole = true; // its user wants the empty book to be filled again
                confirmed = true;
                continue;
            }
            if (result instanceof Agreed) {
                return;
            }
            Optional<ServerProblem> refusal =
                    result instanceof Refused refused ? Optional.of(refused.problem()) : Optional.empty();
            boolean loop =
                    refusal.filter(problem -> problem.is(ProblemType.SYNC_LOOP)).isPresent();
            boolean many = result instanceof NeedsConfirmation
                    || refusal.filter(problem -> problem.is(ProblemType.MASS_DELETE_SUSPECTED))
                            .isPresent();
            if (!loop && !many) {
                throw new AssertionError(name + " pushed: " + result);
            }
            confirmed |= many; // its user agrees
            priority = loop ? Priority.USER : priority;
        }
        throw new AssertionError(name + " and the service do not come to an agreement");
    }

    private PushResult push(PushOptions options) throws ServerUnreachable, ServerRefusal, IOException {
        Wire.Count before = wire.count();
        try (StateFile file = StateFile.open(states, account).orElseThrow()) {
            PushResult result = new Synchroniser(client, file, UUID::randomUUID, CLOCK, Progress.SILENT)
                    .push(new PhoneBook(book, Set.of()), options);
            if (result instanceof Agreed agreed && agreed.summary().repairs() > 0) {
                PushResult.Summary summary = agreed.summary();
                table.add(
                        "shipped client, with its push",
                        summary.unchanged(),
                        summary.added()
                                + summary.changed()
                                + summary.deleted()
                                + summary.unknown()
                                + summary.theirs().size(),
                        wire.count().minus(before));
            }
            return result;
        }
    }

    @Override
    public void loseDatabase() throws IOException {
        loseRecord();
        book.clear();
    }

    @Override
    public void loseRecord() throws IOException {
        for (Path file : files()) {
            Files.delete(file);
        }
    }

    @Override
    public Restoration backup() throws IOException {
        Map<Uid, CanonicalCard> contacts = Map.copyOf(book);
        Map<Path, byte[]> kept = new HashMap<>();
        for (Path file : files()) {
            kept.put(file, Files.readAllBytes(file));
        }
        return () -> {
            loseDatabase();
            book.putAll(contacts);
            for (Map.Entry<Path, byte[]> file : kept.entrySet()) {
                Files.write(file.getKey(), file.getValue());
            }
        };
    }

    private List<Path> files() {
        if (Files.notExists(states)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(states)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
