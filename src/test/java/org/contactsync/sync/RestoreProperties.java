package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.Step;

/**
 * Whatever several devices do to a book: restored to any number that is kept it has exactly the code of that number, and what was deleted is
 * in the trash, until its time is over. A failing run prints its seed.
 */
public abstract class RestoreProperties {
    private static final int UIDS = 12;

    protected abstract TestStore newStore();

    /** Protocol 4.18.1, 4.19.3, 4.19.5 and 6.5. */
    @Property(tries = 40)
    void whatWasComesBack(@ForAll @Size(min = 1, max = 25) List<Long> seeds) {
        Run run = new Run(new TestService(newStore()));
        seeds.forEach(seed -> run.act(new Random(seed)));

        run.compareTrash();
        run.compareAllStates();
        run.restoreSome(new Random(seeds.get(0)));
        run.compareTrash();
        run.compareAllStates();
        run.expire();
    }

    /** A book and what it was. One thread at a time. */
    private static final class Run {
        private final TestService service;
        private final List<TestDevice> devices;
        private final Restoring restoring;

        /** The book after each task, from the empty one on. */
        private final List<Seen> seen = new ArrayList<>();

        /** The last content of each contact that was ever in the book. */
        private final Map<Uid, CanonicalCard> last = new TreeMap<>();

        private record Seen(CheckCode code, Map<Uid, CanonicalCard> contacts) {}

        Run(TestService service) {
            this.service = service;
            devices = List.of(service.device("phone"), service.device("tablet"));
            restoring = new Restoring(
                    service.store.books(), service.store.history(), service.store.pages(), TestService.LIMITS);
            see();
        }

        void act(Random random) {
            TestDevice device = devices.get(random.nextInt(devices.size()));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> apply(device, changes(random, 1 + random.nextInt(3)));
                case 3 -> apply(device, changes(random, UIDS));
                case 4 ->
                    apply(
                            device,
                            IntStream.range(0, UIDS)
                                    .<Change>mapToObj(Examples::delete)
                                    .toList());
                case 5 -> upload(device, TaskKind.REPLACE, random);
                case 6 -> restore(device, random.nextInt(seen.size()));
                default ->
                    apply(
                            device,
                            changes(random, 1),
                            new LostCard(uid(random.nextInt(UIDS)), card("lost " + random.nextInt(5))));
            }
            service.clock.pass(Duration.ofSeconds(1));
        }

        private static List<Change> changes(Random random, int most) {
            return random.ints(0, UIDS)
                    .distinct()
                    .limit(most)
                    .<Change>mapToObj(n -> random.nextInt(3) == 0 ? delete(n) : put(n, "name " + random.nextInt(4)))
                    .toList();
        }

        private void apply(TestDevice device, List<Change> changes, LostCard... lost) {
            TestService.done(service.answer(device.apply(
                    service.code(ADA),
                    new IncrementalSync(changes, Optional.empty(), OnMismatch.REFUSE, true, List.of(lost)))));
            see();
        }

        private void upload(TestDevice device, TaskKind kind, Random random) {
            Change[] contacts = random.ints(0, UIDS)
                    .distinct()
                    .limit(1 + random.nextInt(UIDS - 1))
                    .mapToObj(n -> put(n, "upload " + random.nextInt(4)))
                    .toArray(Change[]::new);
            Step.OpenUpload open = device.open(kind, 1, contacts.length);
            service.answer(open);
            service.answer(device.chunk(open, 1, contacts));
            TestService.done(service.answer(device.commit(open, Optional.empty(), true)));
            see();
        }

        /** Adds the book as it is, if it has changed. */
        private void see() {
            Seen now = new Seen(service.code(ADA), service.visible(ADA));
            last.putAll(now.contacts());
            if (service.book(ADA).seq() == seen.size()) {
                seen.add(now);
            }
            assertThat(service.book(ADA).seq()).isEqualTo(seen.size() - 1);
        }

        void restoreSome(Random random) {
            for (int i = 0; i < 3; i++) {
                restore(devices.get(0), random.nextInt(seen.size()));
            }
        }

        private void restore(TestDevice device, int seq) {
            Reading<RestorePlan> reading = plan(seq);
            RestorePlan plan = reading.value();
            Seen wanted = seen.get(seq);
            if (!plan.first().isEmpty()) {
                List<Change> changes = restoring.changes(reading.book(), plan.state(), plan.first());
                TestService.done(service.answer(device.restoring(device.apply(
                        reading.checkCode(),
                        new IncrementalSync(changes, Optional.of(plan.state().code()), OnMismatch.REFUSE, true)))));
                see();
                assertThat(service.store
                                .history()
                                .change(service.book(ADA).id(), seen.size() - 1)
                                .orElseThrow()
                                .restore())
                        .isTrue();
            }
            assertThat(service.code(ADA)).isEqualTo(wanted.code());
            assertThat(service.visible(ADA)).isEqualTo(wanted.contacts());
        }

        void compareAllStates() {
            for (int seq = 0; seq < seen.size(); seq++) {
                RestorePlan plan = plan(seq).value();
                assertThat(plan.state().code()).isEqualTo(seen.get(seq).code());
                assertThat(plan.count()).isEqualTo(seen.get(seq).contacts().size());
            }
        }

        void compareTrash() {
            Map<Uid, CanonicalCard> expected = new TreeMap<>(last);
            expected.keySet().removeAll(service.visible(ADA).keySet());
            Map<Uid, CanonicalCard> trash = new TreeMap<>();
            for (PastVersion version : trash()) {
                assertThat(trash.put(version.uid(), version.content().card())).isNull();
            }
            assertThat(trash).isEqualTo(expected);
        }

        private List<PastVersion> trash() {
            List<PastVersion> trash = new ArrayList<>();
            Optional<BookHistory.Place> after = Optional.empty();
            do {
                BookHistory.Page page = service.store
                        .history()
                        .deleted(
                                service.book(ADA).id(),
                                service.book(ADA).generation(),
                                after,
                                new RowPage.Bounds(3, Long.MAX_VALUE / 2));
                trash.addAll(page.versions());
                after = page.next();
            } while (after.isPresent());
            return trash;
        }

        /** Everything is there up to the last moment, and then nothing. */
        void expire() {
            Limits limits = TestService.LIMITS;
            long book = service.book(ADA).id();
            Duration rest = limits.historyRetention().minusSeconds(seen.size() + 10L);
            service.clock.pass(rest);
            shorten(book, limits);
            compareTrash();
            compareAllStates();

            service.clock.pass(limits.historyRetention());
            shorten(book, limits);
            assertThat(trash()).isEmpty();
            for (int n = 0; n < UIDS; n++) {
                assertThat(service.store
                                .history()
                                .versions(book, uid(n), Long.MAX_VALUE, new RowPage.Bounds(10, 1_000_000))
                                .versions())
                        .isEmpty();
            }
            if (seen.size() > 1) {
                assertThatThrownBy(() -> plan(0)).isInstanceOf(ProblemException.class);
            }
        }

        private void shorten(long book, Limits limits) {
            Bounds bounds = Bounds.of(limits, service.now());
            while (service.store.inTransaction(
                    () -> service.store.historyRetention().shorten(book, 7, bounds))) {
                assertThat(service.store.historyRetention()).isNotNull();
            }
        }

        private Reading<RestorePlan> plan(long seq) {
            return restoring
                    .plan(ADA, new RestoreTarget(Optional.empty(), OptionalLong.of(seq), Optional.empty(), false))
                    .orElseThrow();
        }
    }
}
