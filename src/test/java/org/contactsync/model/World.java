package org.contactsync.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.device.AgreeingPerson;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.Reply;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.Examples;

/** Several devices of one user, the service, and what happens to them. One thread at a time. */
final class World {
    /** Contacts that one import may have. */
    private static final int ONE_FILE = 10;

    private final Site site;
    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final Map<String, Device.Restoration> backups = new LinkedHashMap<>();
    private final BookClient observer;
    private final HistoryClient history;
    private final Ledger ledger;
    private final IntConsumer wanted;
    private Optional<Runnable> serviceBackup = Optional.empty();

    /** What was exported last. */
    private Map<Uid, CanonicalCard> exported = Map.of();

    /** Keys of requests that were made for a book that was erased. */
    private final Set<UUID> ofErased = new HashSet<>();

    /** All that ever was in an imported file. */
    private final Set<Uid> imported = new HashSet<>();

    /** Something that a device does through the wire. */
    private interface Act {
        void run() throws ServerUnreachable, ServerRefusal, IOException;
    }

    /**
     * @param directory for states of the shipped client
     * @param wanted told at the end how many contacts had to be there
     */
    World(Site site, Path directory, RepairTable table, IntConsumer wanted) {
        this.site = site;
        this.wanted = wanted;
        try {
            site.newUser();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Pull pull = new Pull(site.wire(), new HistoryClient(site.exchange("observer")), table);
        add(new TwoWayDevice("phone", OnMismatch.REBASE, client("phone"), pull));
        add(new TwoWayDevice("tablet", OnMismatch.REFUSE, client("tablet"), pull));
        add(new PushingDevice(
                "desk", client("desk"), directory.resolve(UUID.randomUUID().toString()), site.wire(), table));
        add(new LibraryDevice(
                "laptop",
                new AgreeingPerson(client("laptop"), waiting()),
                directory.resolve(UUID.randomUUID().toString())));
        observer = client("observer");
        history = new HistoryClient(site.exchange("observer"));
        ledger = new Ledger(observer, history);
        site.wire().others(new Guest(new BookClient(site.direct(Guest.NAME), Progress.SILENT), ledger::editedByOthers));
    }

    private void add(Device device) {
        devices.put(device.name(), device);
    }

    private BookClient client(String device) {
        return new BookClient(site.exchange(device), waiting());
    }

    private Progress waiting() {
        return new Progress() {
            @Override
            public void waiting(long position) {
                site.passLease();
            }
        };
    }

    // What users do at devices that may be offline.

    void put(String device, int contact, int card) {
        Uid uid = known(device, contact).orElseGet(() -> ledger.toMake(contact));
        CanonicalCard edited = card("name " + card, uid);
        ledger.made(uid, device, edited);
        book(device).put(uid, edited);
    }

    /** No two contacts have the same card: the library takes those for one. */
    private static CanonicalCard card(String name, Uid uid) {
        return Examples.card(name + " of " + uid.value());
    }

    void delete(String device, int contact) {
        Optional<Uid> uid = known(device, contact);
        if (uid.isPresent()) {
            book(device).remove(uid.get());
            ledger.givenUp(uid.get());
        }
    }

    void fill(String device, int from, int count) {
        for (int i = from; i < from + count; i++) {
            put(device, i, i % 3);
        }
    }

    void wipe(String device) {
        book(device).keySet().forEach(ledger::givenUp);
        book(device).clear();
    }

    // What happens to devices.

    void loseDatabase(String device) {
        ledger.editsMayBeLost(device);
        run(() -> device(device).loseDatabase());
        whatIsNowhereIsLost();
    }

    void loseRecord(String device) {
        ledger.editsMayBeLost(device);
        if (device(device).prefersItsCardsWithoutRecord()) {
            ledger.oldCardsMayCome();
        }
        run(() -> device(device).loseRecord());
    }

    void backUp(String device) {
        run(() -> backups.put(device, device(device).backup()));
    }

    void restore(String device) {
        ledger.editsMayBeLost(device);
        Device.Restoration restoration = backups.get(device);
        if (restoration != null) {
            run(restoration::run);
            whatIsNowhereIsLost();
        }
    }

    // What devices and users do online.

    void synchronise(String device, Fault fault) {
        online(fault, () -> device(device).synchronise());
    }

    void replace(String device, Fault fault) {
        if (!device(device).canReplace()) {
            synchronise(device, fault);
            return;
        }
        Set<Uid> kept = Set.copyOf(book(device).keySet());
        int before = site.wire().changing();
        online(fault, () -> device(device).replace());
        if (site.wire().changing() > before) {
            ledger.becomes(kept);
        }
    }

    /** An old request comes again: nothing happens, unless it never came before. */
    void replay(String device, int back) {
        if (device(device) instanceof TwoWayDevice twoWay && !twoWay.log().isEmpty()) {
            List<TwoWayDevice.Sent> log = twoWay.log();
            TwoWayDevice.Sent sent = log.get(log.size() - 1 - back % log.size());
            online(Fault.NONE, () -> {
                Reply<ReceivedTask> first = ended(device, sent);
                if (ofErased.contains(sent.key())) {
                    assertThat(first instanceof Reply.Ok<ReceivedTask> ok
                                    && ok.value().state() == TaskState.DONE)
                            .as("a request that was made for the erased book is applied")
                            .isFalse();
                }
                long seq = observer.book().seq();
                Reply<ReceivedTask> second = patch(device, sent);
                assertThat(second.getClass()).isEqualTo(first.getClass());
                if (first instanceof Reply.Ok<ReceivedTask> one && second instanceof Reply.Ok<ReceivedTask> two) {
                    assertThat(two.value().id()).isEqualTo(one.value().id());
                }
                byte[] another =
                        (new String(sent.body(), StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8);
                Reply<ReceivedTask> refused =
                        patch(device, new TwoWayDevice.Sent(sent.key(), sent.first(), another, sent.priority()));
                assertThat(refused)
                        .isInstanceOfSatisfying(
                                Reply.Refused.class,
                                reply -> assertThat(reply.problem().is(ProblemType.IDEMPOTENCY_KEY_REUSED))
                                        .isTrue());
                assertThat(observer.book().seq()).isEqualTo(seq);
            });
        }
    }

    /** The answer when the task has ended, if it was accepted. */
    private Reply<ReceivedTask> ended(String device, TwoWayDevice.Sent sent) throws ServerUnreachable, ServerRefusal {
        Reply<ReceivedTask> first = patch(device, sent);
        if (first instanceof Reply.Ok<ReceivedTask> ok && !ok.value().state().finished()) {
            client(device).taskClient().awaitFinished(ok.value());
            return patch(device, sent);
        }
        return first;
    }

    private Reply<ReceivedTask> patch(String device, TwoWayDevice.Sent sent) throws ServerUnreachable, ServerRefusal {
        return client(device).taskClient().patch(sent.key(), sent.first(), sent.body(), sent.priority());
    }

    /** Some deleted contact comes back from the trash. */
    void restoreContact(String device, int which, Fault fault) {
        online(fault, () -> {
            HistoryClient own = new HistoryClient(site.exchange(device));
            List<HistoryClient.Version> trash = own.trash();
            if (!trash.isEmpty()) {
                Uid uid = trash.get(which % trash.size()).uid();
                isDone(own.restoreContact(uid, UUID.randomUUID()));
            }
        });
    }

    /** The book becomes what it was some changes ago. */
    void restoreBook(String device, int back, Fault fault) {
        List<CheckCode> codes = ledger.codes();
        if (!codes.isEmpty()) {
            CheckCode to = codes.get(codes.size() - 1 - back % codes.size());
            online(fault, () -> restoreBook(device, to));
        }
    }

    private void restoreBook(String device, CheckCode to) throws ServerUnreachable, ServerRefusal {
        Set<Uid> kept = Set.copyOf(ledger.at(to).keySet());
        HistoryClient own = new HistoryClient(site.exchange(device));
        CheckCode now = client(device).book().checkCode();
        Response dryRun = own.restoreBook(to, true, Optional.of(now), UUID.randomUUID());
        if (dryRun.status() == 412) {
            return; // others have changed the book
        }
        if (ledger.isBook(now)) {
            saysWhatChanges(dryRun, to);
        }
        int before = site.wire().changing();
        boolean refused = false;
        try {
            Response answer = own.restoreBook(to, false, Optional.of(now), UUID.randomUUID());
            if (isDone(answer)) {
                assertThat(HistoryClient.code(answer)).isEqualTo(to);
            }
            refused = answer.status() > 400 && site.wire().changing() == before + 1;
        } finally {
            if (site.wire().changing() > before && !refused) {
                ledger.becomes(kept);
            }
        }
    }

    private void saysWhatChanges(Response dryRun, CheckCode to) throws ServerRefusal {
        Map<Uid, CanonicalCard> now = ledger.book();
        Map<Uid, CanonicalCard> then = ledger.at(to);
        assertThat(HistoryClient.code(dryRun)).isEqualTo(to);
        List<Uid> put = then.keySet().stream()
                .filter(uid -> !Objects.equals(then.get(uid), now.get(uid)))
                .toList();
        List<Uid> deleted =
                now.keySet().stream().filter(uid -> !then.containsKey(uid)).toList();
        assertThat(HistoryClient.applied(dryRun)).isEqualTo(List.of(put.size(), deleted.size()));
        List<Uid> firstPut = HistoryClient.uids(dryRun, "put");
        List<Uid> firstDeleted = HistoryClient.uids(dryRun, "deleted");
        assertThat(firstPut).isEqualTo(put.subList(0, firstPut.size())); // a long list is cut off
        assertThat(firstDeleted).isEqualTo(deleted.subList(0, firstDeleted.size()));
    }

    /** 200, or that the book has changed, or that an upload of another device has its turn, or had it for long. */
    private static boolean isDone(Response answer) {
        assertThat(answer.status()).as(() -> String.valueOf(answer.problem())).isIn(200, 202, 409, 410, 412);
        if (answer.status() == 410) {
            assertThat(answer.problem().is(ProblemType.TASK_EXPIRED)).isTrue();
        }
        return answer.status() == 200;
    }

    // Files.

    /** At a device a user imports a file with contacts that he has made or edited in it. */
    void importFile(String device, int from, int count, int card, Fault fault) {
        Map<Uid, CanonicalCard> contacts = new TreeMap<>();
        for (int i = from; i < from + count; i++) {
            int contact = i;
            Uid uid = known(device, contact).orElseGet(() -> ledger.toMake(contact));
            contacts.put(uid, card("of a file " + card, uid));
        }
        online(fault, () -> importFile(device, contacts, fault));
    }

    /** The contacts become what they were when they were exported last; what was deleted since comes back. */
    void importExport(String device, Fault fault) {
        List<Uid> uids = List.copyOf(exported.keySet());
        for (int i = 0; i < uids.size(); i += ONE_FILE) {
            Map<Uid, CanonicalCard> part = new TreeMap<>(exported);
            part.keySet().retainAll(uids.subList(i, Math.min(uids.size(), i + ONE_FILE)));
            online(i == 0 ? fault : Fault.NONE, () -> importFile(device, part, fault));
        }
    }

    private void importFile(String device, Map<Uid, CanonicalCard> contacts, Fault fault)
            throws ServerUnreachable, ServerRefusal {
        imported.addAll(contacts.keySet());
        ContactFile file = ContactFile.of(ContactFile.format(contacts.size()), contacts);
        UUID key = UUID.randomUUID();
        ReceivedTask task;
        try {
            task = add(device, key, file);
        } catch (ServerUnreachable e) {
            site.wire().expect(Fault.NONE);
            task = add(device, key, file); // what has arrived, or may yet, is the same task
        }
        site.wire().expect(Fault.NONE);
        assertThat(task.state()).isEqualTo(TaskState.DONE);
        contacts.forEach((uid, card) -> ledger.made(uid, "file", card));
        if (fault.kind() == Fault.Kind.OTHERS_ACT) {
            contacts.keySet().forEach(ledger::editedByOthers);
        }
        ledger.look();
        if (ledger.isBook(task.result().orElseThrow().checkCode())) {
            assertThat(ledger.book()).as("what was imported").containsAllEntriesOf(contacts);
        }
    }

    private ReceivedTask add(String device, UUID key, ContactFile file) throws ServerUnreachable, ServerRefusal {
        BookClient own = client(device);
        try {
            return own.fileClient()
                    .await(own.fileClient()
                            .add(key, file.mediaType(), file.bytes())
                            .task());
        } catch (ServerRefusal e) {
            if (!e.problem().is(ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS)) {
                throw e;
            }
            ReceivedTask waits =
                    own.taskClient().task(e.problem().task().orElseThrow()).orElseThrow();
            return own.taskClient().awaitFinished(waits);
        }
    }

    /** The file is the book as it was at some time between the request and the answer. */
    void export(String device, int format, Fault fault) {
        online(fault, () -> {
            BookHead before = observer.book();
            String mediaType = ContactFile.format(format).mediaType().replace("charset=utf-8;", "");
            Map<Uid, CanonicalCard> contacts =
                    new ContactFile(mediaType, client(device).fileClient().export(mediaType)).contacts();
            site.wire().expect(Fault.NONE);
            CheckCode code = TwoWayDevice.code(before.checkKey(), contacts);
            List<CheckCode> codes = new ArrayList<>(List.of(before.checkCode()));
            history.changesAbove(before.seq()).forEach(change -> codes.add(change.after()));
            assertThat(codes).as("the exported file is the book").contains(code);
            ledger.look();
            if (ledger.isBook(code)) {
                assertThat(contacts).isEqualTo(ledger.book());
            }
            exported = contacts;
        });
    }

    // What happens to the service.

    /**
     * The user erases the account (protocol 4.23). Of each device he says whether its contacts are to be sent again, or are gone there,
     * too; what is under way comes before it, or does nothing.
     *
     * @param again which devices send their contacts again, one bit for each
     */
    void erase(String device, int again, Fault fault) {
        run(ledger::look);
        site.wire().expect(fault);
        run(() -> {
            try {
                client(device).accountClient().erase();
            } catch (ServerUnreachable e) {
                site.wire().expect(Fault.NONE);
                site.wire().bringLate();
                client(device).accountClient().erase();
            }
        });
        site.wire().expect(Fault.NONE);
        Set<Uid> kept = new HashSet<>();
        int bit = 1;
        for (Device each : devices.values()) {
            if (each instanceof TwoWayDevice twoWay) {
                twoWay.log().forEach(sent -> ofErased.add(sent.key()));
            }
            if ((again & bit) != 0) {
                kept.addAll(each.book().keySet());
            } else {
                run(each::loseDatabase);
            }
            bit <<= 1;
        }
        ledger.erased(kept);
        run(ledger::look);
        assertThat(ledger.book()).as("the book after the erasure").isEmpty();
        run(() -> assertThat(observer.book().seq()).isZero());
        run(() -> assertThat(history.trash()).isEmpty());
        run(site.wire()::bringLate);
        // The erasure itself may have been late, and a client that had no answer has erased before: the empty book is
        // another one again.
        ledger.erased(kept);
        run(ledger::look);
        assertThat(imported)
                .as("no other contact comes back by itself")
                .containsAll(ledger.book().keySet());
    }

    void expireFeed() {
        ledger.oldCardsMayCome();
        site.expireFeed();
    }

    void passLease() {
        site.passLease();
    }

    void backUpService() {
        if (!site.keepsBackups()) {
            return; // what was seen must not be set back alone
        }
        Runnable rows = site.backup();
        Runnable looks = ledger.backup();
        serviceBackup = Optional.of(() -> {
            rows.run();
            looks.run();
        });
    }

    void setServiceBack() {
        if (serviceBackup.isPresent()) {
            serviceBackup.get().run();
            ledger.serviceWasSetBack();
            ofErased.clear(); // it may be their book again
            whatIsNowhereIsLost();
        }
    }

    // What must hold.

    /** All devices come online and synchronise until nothing changes any more; then all have the same book. */
    void end() {
        settle();
        wanted.accept(ledger.wanted().size());
        assertThat(ledger.book().keySet())
                .as("no contact is lost that nobody deleted")
                .containsAll(ledger.wanted());
        assertThat(ledger.book()).as("the last edits").containsAllEntriesOf(ledger.ofOneEditor());
        run(this::everythingComesBack);
        settle();
        assertThat(site.wire().contradictions()).isEmpty();
    }

    private void settle() {
        CheckCode before;
        int round = 0;
        do {
            assertThat(++round).as("rounds until nothing changes").isLessThan(8);
            before = round == 1 ? new CheckCode(Examples.OTHER_CODE.value()) : code();
            for (Device device : devices.values()) {
                online(Fault.NONE, device::synchronise);
            }
        } while (!code().equals(before));
        for (Device device : devices.values()) {
            assertThat(device.book()).as(device.name()).isEqualTo(ledger.book());
            run(() -> assertThat(TwoWayDevice.code(observer.book().checkKey(), device.book()))
                    .as(device.name())
                    .isEqualTo(code()));
        }
    }

    private CheckCode code() {
        try {
            return observer.book().checkCode();
        } catch (ServerUnreachable | ServerRefusal e) {
            throw new AssertionError(e);
        }
    }

    /** What was deleted is in the trash, what was overwritten among the versions; samples come back, and so does a whole book. */
    private void everythingComesBack() throws ServerUnreachable, ServerRefusal, IOException {
        Map<Uid, HistoryClient.Version> trash = new LinkedHashMap<>();
        for (HistoryClient.Version each : history.trash()) {
            assertThat(trash.put(each.uid(), each)).as("once in the trash").isNull();
        }
        for (Uid uid : ledger.everSeen()) {
            CanonicalCard now = ledger.book().get(uid);
            List<HistoryClient.Version> versions = history.versions(uid);
            Set<CanonicalCard> all = new HashSet<>();
            versions.forEach(version -> all.add(version.card()));
            if (now == null) {
                assertThat(versions).as("versions of the deleted " + uid).isNotEmpty();
                assertThat(trash.get(uid)).isEqualTo(versions.get(0));
            } else {
                assertThat(trash).doesNotContainKey(uid);
                all.add(now);
            }
            assertThat(all).as("versions of " + uid).containsAll(ledger.versions(uid));
        }
        for (HistoryClient.Version each : trash.values().stream().limit(2).toList()) {
            assertThat(history.restoreContact(each.uid(), UUID.randomUUID()).status())
                    .isEqualTo(200);
            ledger.look();
            assertThat(ledger.book().get(each.uid())).isEqualTo(each.card());
        }
        List<CheckCode> codes = ledger.codes();
        if (!codes.isEmpty()) {
            CheckCode to = codes.get(codes.size() / 2);
            assertThat(HistoryClient.code(history.restoreBook(to, false, Optional.empty(), UUID.randomUUID())))
                    .isEqualTo(to);
            ledger.look();
            assertThat(ledger.book()).isEqualTo(ledger.at(to));
        }
    }

    private void online(Fault fault, Act act) {
        run(site.wire()::bringLate);
        run(ledger::look);
        site.wire().expect(fault);
        try {
            act.run();
        } catch (ServerUnreachable e) {
            if (fault.letsAllThrough()) {
                throw new AssertionError(e);
            }
        } catch (ServerRefusal | IOException e) {
            throw new AssertionError(e);
        } finally {
            site.wire().expect(Fault.NONE);
        }
        run(ledger::look);
    }

    private static void run(Act act) {
        try {
            act.run();
        } catch (ServerUnreachable | ServerRefusal | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** After something was lost: what neither the service nor a device has. */
    private void whatIsNowhereIsLost() {
        run(ledger::look);
        Set<Uid> there = new HashSet<>(ledger.book().keySet());
        devices.values().forEach(device -> there.addAll(device.book().keySet()));
        ledger.givenUpExcept(there);
    }

    private Device device(String name) {
        return Optional.ofNullable(devices.get(name)).orElseThrow();
    }

    private Map<Uid, CanonicalCard> book(String device) {
        return device(device).book();
    }

    /** What the device has under that number. */
    private Optional<Uid> known(String device, int contact) {
        return ledger.names(contact).stream().filter(book(device)::containsKey).findFirst();
    }
}
