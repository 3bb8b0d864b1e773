package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.Conflict;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.Replies.Reply;

/**
 * Two users whose devices want the same at random: the changes of one run together, those of the other one after the other.
 * Whatever can be seen of their books must be the same, except for what their check keys make different.
 */
final class SeriesTwins {
    private static final int CONTACTS = 24;
    private static final int MORE_THAN_HALF = 13;
    private static final RowPage.Bounds ALL = new RowPage.Bounds(10_000, Long.MAX_VALUE);

    private final TestService service;
    private final Random random;
    private final String run;
    private final Twin together;
    private final Twin alone;

    SeriesTwins(TestService service, long seed) {
        this.service = service;
        random = new Random(seed);
        run = "seed=" + seed;
        together = new Twin(ADA);
        alone = new Twin(BOB);
    }

    /** A put of a card, or a delete; what it expects is the name on a card, or none for a contact that is absent. */
    private record Wish(int uid, Optional<String> name, Optional<Optional<String>> expected) {}

    /** @param code how many codes ago the device has synchronised */
    private record Request(
            int device, int code, OnMismatch onMismatch, boolean confirmed, List<Wish> wishes, List<Wish> lost) {}

    void run(int rounds) {
        List<Wish> all = IntStream.range(0, CONTACTS)
                .mapToObj(n -> new Wish(n, Optional.of("first"), Optional.empty()))
                .toList();
        round(List.of(new Request(0, 0, OnMismatch.REFUSE, false, all, List.of())));
        for (int i = 0; i < rounds; i++) {
            service.pass(Duration.ofSeconds(random.nextInt(100)));
            round(IntStream.range(0, 2 + random.nextInt(5))
                    .mapToObj(n -> request())
                    .toList());
        }
    }

    private void round(List<Request> requests) {
        boolean repeated = random.nextInt(6) == 0;
        int which = random.nextInt(1_000);
        int where = random.nextInt(requests.size() + 1);
        List<ApplyChanges> first = together.steps(requests, repeated, which, where);
        List<ApplyChanges> second = alone.steps(requests, repeated, which, where);

        List<Reply> ran = service.deliverTogether(first);
        List<Reply> ranAlone =
                second.stream().flatMap(step -> service.deliver(step).stream()).toList();

        assertThat(ran.stream().map(reply -> seen(reply.outcome())))
                .as(run)
                .containsExactlyElementsOf(
                        ranAlone.stream().map(reply -> seen(reply.outcome())).toList());
        assertThat(together.state()).as(run).isEqualTo(alone.state());
        together.remember(first);
        alone.remember(second);
    }

    private Request request() {
        boolean deletesMost = random.nextInt(8) == 0;
        List<Integer> uids =
                new ArrayList<>(IntStream.range(0, CONTACTS + 2).boxed().toList());
        Collections.shuffle(uids, random);
        List<Wish> wishes = deletesMost
                ? uids.subList(0, MORE_THAN_HALF).stream()
                        .map(uid -> new Wish(uid, Optional.empty(), Optional.empty()))
                        .toList()
                : uids.subList(0, 1 + random.nextInt(random.nextInt(3) == 0 ? 5 : 1)).stream()
                        // Mostly the same few contacts.
                        .map(uid -> wish(random.nextInt(3) > 0 ? uid % 4 : uid))
                        .collect(
                                () -> new TreeMap<Integer, Wish>(),
                                (map, wish) -> map.put(wish.uid(), wish),
                                TreeMap::putAll)
                        .values()
                        .stream()
                        .toList();
        List<Wish> lost = random.nextInt(5) == 0
                ? List.of(new Wish(random.nextInt(4), Optional.of(name()), Optional.empty()))
                : List.of();
        return new Request(
                random.nextInt(3),
                random.nextInt(4),
                random.nextInt(4) > 0 ? OnMismatch.REBASE : OnMismatch.REFUSE,
                random.nextInt(2) == 0,
                wishes,
                lost);
    }

    private Wish wish(int uid) {
        Optional<Optional<String>> expected = switch (random.nextInt(4)) {
            case 0 -> Optional.of(Optional.of(name()));
            case 1 -> random.nextInt(3) == 0 ? Optional.of(Optional.empty()) : Optional.empty();
            default -> Optional.empty();
        };
        return new Wish(uid, random.nextInt(4) > 0 ? Optional.of(name()) : Optional.empty(), expected);
    }

    /** One of few, so that a card is often as it was before, or as somebody expects. */
    private String name() {
        return "name " + random.nextInt(3);
    }

    private static List<Object> seen(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            SyncResult result = applied.result();
            return List.of(
                    result.seq(),
                    result.count(),
                    result.put(),
                    result.deleted(),
                    result.rebased(),
                    seen(result.missed()),
                    result.keptLost());
        }
        if (outcome instanceof Refused refused) {
            Problem problem = refused.problem();
            if (problem instanceof Problem.CheckCodeMismatch mismatch) {
                return List.of(problem.type(), mismatch.serverCount(), mismatch.serverSeq(), seen(mismatch.missed()));
            }
            if (problem instanceof Problem.ContactConflict conflict) {
                return List.of(
                        problem.type(),
                        conflict.conflicts().stream().map(SeriesTwins::seen).toList());
            }
            return List.of(problem.type());
        }
        throw new AssertionError("neither done nor refused: " + outcome);
    }

    private static List<Object> seen(Optional<Missed> missed) {
        return missed.map(known -> List.<Object>of(
                        known.since(),
                        known.changes().stream()
                                .map(change ->
                                        List.of(change.seq(), change.uid(), cardOf(change.now()), change.device()))
                                .toList()))
                .orElseGet(List::of);
    }

    private static List<Object> seen(Conflict conflict) {
        return List.of(
                conflict.uid(),
                conflict.index(),
                conflict.card(),
                conflict.ancestor().map(Content::card),
                conflict.more());
    }

    private static Object cardOf(Optional<Content> content) {
        return content.map(Content::card);
    }

    private final class Twin {
        private final Owner owner;
        private final CheckCodes codes;
        private final List<TestDevice> devices;
        private final List<CheckCode> past = new ArrayList<>();
        private final List<ApplyChanges> sent = new ArrayList<>();

        Twin(Owner owner) {
            this.owner = owner;
            codes = new CheckCodes(service.book(owner).key());
            devices = List.of(
                    service.deviceOf(owner, "phone"),
                    service.deviceOf(owner, "tablet"),
                    service.deviceOf(owner, "watch"));
            past.add(service.code(owner));
        }

        /** With one that was sent before among them, if {@code repeated}. */
        List<ApplyChanges> steps(List<Request> requests, boolean repeated, int which, int where) {
            List<ApplyChanges> steps = new ArrayList<>();
            requests.forEach(request -> steps.add(step(request)));
            if (repeated && !sent.isEmpty()) {
                steps.add(where, devices.get(0).again(sent.get(which % sent.size())));
            }
            return steps;
        }

        private ApplyChanges step(Request request) {
            return devices.get(request.device())
                    .apply(
                            past.get(Math.max(0, past.size() - 1 - request.code())),
                            new IncrementalSync(
                                    request.wishes().stream().map(this::change).toList(),
                                    Optional.empty(),
                                    request.onMismatch(),
                                    request.confirmed(),
                                    request.lost().stream()
                                            .map(lost -> new LostCard(
                                                    uid(lost.uid()),
                                                    card(lost.name().orElseThrow())))
                                            .toList()));
        }

        private Change change(Wish wish) {
            Optional<Change.Expected> expected =
                    wish.expected().map(name -> new Change.Expected(name.map(each -> codes.contentHash(card(each)))));
            return wish.name()
                    .<Change>map(name -> new Change.Put(uid(wish.uid()), card(name), expected))
                    .orElseGet(() -> new Change.Delete(uid(wish.uid()), expected));
        }

        void remember(List<ApplyChanges> steps) {
            sent.addAll(steps);
            past.add(service.code(owner));
        }

        /** All that is stored, except for what the key makes different; the code must be that of the contacts. */
        Map<String, Object> state() {
            BookState book = service.book(owner);
            var visible = service.visible(owner);
            assertThat(service.code(owner)).as(run).isEqualTo(PlainCheckCodes.of(book.key(), visible));
            Map<String, Object> state = new TreeMap<>();
            state.put("visible", visible);
            state.put("numbers", List.of(book.seq(), book.changesFrom(), book.openTasks(), book.revision()));
            state.put("bytes", book.cardBytes());
            state.put(
                    "feed",
                    service
                            .store
                            .contacts()
                            .changedSince(book.id(), book.generation(), 0, Optional.empty(), ALL)
                            .rows()
                            .stream()
                            .map(row -> List.<Object>of(row.seq(), row.uid(), cardOf(row.now()), row.device()))
                            .toList());
            state.put(
                    "history",
                    service.store.history().changes(book.id(), Long.MAX_VALUE, 10_000).stream()
                            .map(change -> List.<Object>of(
                                    change.seq(),
                                    change.at(),
                                    change.device().map(DeviceId::value),
                                    change.count(),
                                    change.puts(),
                                    change.deletes()))
                            .toList());
            List<Object> versions = new ArrayList<>();
            for (int n = 0; n < CONTACTS + 2; n++) {
                service.store
                        .history()
                        .versions(book.id(), uid(n), Long.MAX_VALUE, ALL)
                        .versions()
                        .forEach(version -> versions.add(List.of(
                                version.uid(),
                                version.from(),
                                version.until(),
                                version.content().card(),
                                version.device(),
                                version.lost())));
            }
            state.put("versions", versions);
            return state;
        }
    }
}
