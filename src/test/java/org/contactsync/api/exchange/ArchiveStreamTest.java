package org.contactsync.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.contactsync.account.DeviceRows;
import org.contactsync.account.Devices;
import org.contactsync.account.Sighting;
import org.contactsync.exchange.AccountArchive;
import org.contactsync.photo.MemoryObjects;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoType;
import org.contactsync.photo.Photos;
import org.contactsync.photo.Pictures;
import org.contactsync.photo.StoredPiece;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.queue.work.JsonReceipts;
import org.contactsync.sync.Examples;
import org.contactsync.sync.InMemoryStore;
import org.contactsync.sync.TestService;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.history.HistoryReadings;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.26.2: an archive is one state of an account, or it is cut off. */
class ArchiveStreamTest {
    /** More than one slice of contacts. */
    private static final int CONTACTS = 250;

    private static final byte[] PHOTO = Pictures.jpeg(1_000, 1);

    private final InMemoryStore store = new InMemoryStore();
    private final TestService service = new TestService(store, Limits.DEFAULTS, new JsonReceipts());
    private final ExchangePlaces places = new ExchangePlaces();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int reads;
    private int cuts;

    /** What happens before the reading with that number. */
    private int moment;

    private Runnable event = () -> {};
    private boolean erased;

    @BeforeEach
    void fill() {
        change(IntStream.range(0, CONTACTS)
                .mapToObj(n -> Examples.put(n, "one"))
                .toList());
        change(IntStream.range(0, CONTACTS - 1)
                .mapToObj(n -> Examples.put(n, "two"))
                .toList());
        change(List.of(Examples.delete(CONTACTS - 1)));
        handOver("lost");
    }

    @Test
    void aBookThatStaysTheSameIsWhole() throws IOException {
        stream().write(out);

        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        assertThat(names)
                .hasSize(9)
                .endsWith("history.json", "photos/" + Pictures.digest(PHOTO).hex() + ".jpg", AccountArchive.MANIFEST);
        assertThat(cuts).isZero();
        // The second slice of the book, twice, of the versions two; the trash, the lost cards, the devices, the
        // history, the photos, and one of them.
        assertThat(reads).isEqualTo(10);
    }

    /** Whenever that is. */
    @Test
    void anyTaskMeanwhileCutsItOff() throws IOException {
        for (int n = 1; n <= 10; n++) {
            String name = "changed " + n;
            assertIsCut(n, () -> change(List.of(Examples.put(7, name))));
        }
    }

    /** The check code stays what it was. */
    @Test
    void aLostCardMeanwhileCutsItOff() throws IOException {
        for (int n = 1; n <= 10; n++) {
            String name = "lost " + n;
            assertIsCut(n, () -> handOver(name));
        }
    }

    @Test
    void anErasureMeanwhileCutsItOff() throws IOException {
        for (int n = 1; n <= 10; n++) {
            assertIsCut(n, () -> erased = true);
            erased = false;
        }
    }

    @Test
    void aFailureCutsItOff() throws IOException {
        moment = 3;
        event = () -> {
            throw new IllegalStateException("no connection");
        };

        assertThatThrownBy(() -> stream().write(out)).isInstanceOf(IllegalStateException.class);

        assertThat(cuts).isEqualTo(1);
        assertIsNotWhole();
    }

    @Test
    void aServerThatIsBusyIsAskedAgain() throws IOException {
        moment = 2;
        event = () -> {
            throw new ProblemException(
                    new Problem.Unavailable(UnavailableReason.TOO_MANY_READINGS, Duration.ofSeconds(1)));
        };

        stream().write(out);

        assertThat(reads).isEqualTo(11);
        assertThat(cuts).isZero();
        assertThat(text()).contains(AccountArchive.MANIFEST);
    }

    /** Protocol 4.26.4. */
    @Test
    void oneOfAUserIsSentAtATimeAndFewInAll() throws IOException {
        places.archive(
                ADA,
                () -> assertThatThrownBy(() -> stream().write(out))
                        .isInstanceOfSatisfying(ProblemException.class, ArchiveStreamTest::isOfQuota));
        places.export(
                ADA,
                () -> assertThatThrownBy(() -> stream().write(out))
                        .isInstanceOfSatisfying(ProblemException.class, ArchiveStreamTest::isOfQuota));
        places.archive(
                ADA,
                () -> assertThatThrownBy(() -> places.export(ADA, () -> {}))
                        .isInstanceOfSatisfying(ProblemException.class, ArchiveStreamTest::isOfQuota));
        inArchives(4, () -> {
            assertThatThrownBy(() -> stream().write(out))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().type()).isEqualTo(ProblemType.UNAVAILABLE));
            places.export(ADA, () -> {});
        });
        assertThat(cuts).isZero();
        assertThat(out.size()).isZero();

        stream().write(out);

        assertThat(text()).contains(AccountArchive.MANIFEST);
    }

    private void inArchives(int number, ExchangePlaces.Writing writing) throws IOException {
        if (number == 0) {
            writing.run();
        } else {
            places.archive(new Owner(BOB.issuer(), BOB.subject() + number), () -> inArchives(number - 1, writing));
        }
    }

    private static void isOfQuota(ProblemException e) {
        assertThat(((Problem.QuotaExceeded) e.problem()).quota()).isEqualTo(Quota.CONCURRENT_FILES);
    }

    private void assertIsCut(int number, Runnable meanwhile) throws IOException {
        out.reset();
        reads = 0;
        cuts = 0;
        moment = number;
        event = meanwhile;

        assertThatThrownBy(() -> stream().write(out))
                .as("before reading %d", number)
                .isInstanceOf(IOException.class);

        assertThat(cuts).isEqualTo(1);
        assertThat(reads).isEqualTo(number);
        assertIsNotWhole();
        places.archive(ADA, () -> {});
    }

    private void assertIsNotWhole() {
        assertThat(text()).doesNotContain(AccountArchive.MANIFEST);
    }

    private String text() {
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** One photo of one piece; nothing else is asked. */
    private static Photos photos() {
        return (Photos) Proxy.newProxyInstance(
                ArchiveStreamTest.class.getClassLoader(),
                new Class<?>[] {Photos.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "list" -> List.of(new Photo(Pictures.digest(PHOTO), PhotoType.JPEG, PHOTO.length));
                    case "piece" -> Optional.of(new StoredPiece.Bytes(PHOTO.clone()));
                    default -> throw new AssertionError(method);
                });
    }

    private ArchiveStream stream() {
        Devices devices = new Devices(store.books(), new NoDevices());
        ArchiveSources sources = new ArchiveSources(
                new HistoryReadings(store.books(), store.history()),
                devices,
                photos(),
                new MemoryObjects(),
                Clock.fixed(Instant.parse("2026-11-26T17:05:00Z"), ZoneOffset.UTC));
        return new ArchiveStream(
                ADA,
                this::read,
                sources,
                places,
                service.readings()
                        .contacts(ADA, Optional.empty(), ArchiveStream.SLICE)
                        .orElseThrow(),
                () -> cuts++);
    }

    @SuppressWarnings("unchecked") // every reading of a book that is gone is empty
    private <T> T read(Function<BookReadings, T> reading) {
        reads++;
        if (reads == moment) {
            event.run();
        }
        return erased ? (T) Optional.empty() : reading.apply(service.readings());
    }

    private void change(List<? extends Change> changes) {
        apply(new IncrementalSync(List.copyOf(changes), Optional.empty(), OnMismatch.REFUSE, true));
    }

    private void handOver(String name) {
        apply(IncrementalSync.ofLost(List.of(new LostCard(Examples.uid(3), Examples.card(name)))));
    }

    private void apply(IncrementalSync sync) {
        long before = service.book(ADA).seq();
        service.answer(new Step.ApplyChanges(
                new Step.Head(
                        ADA,
                        TaskId.random(),
                        Optional.empty(),
                        service.now(),
                        new ReplyTo("contacts.reply.test", UUID.randomUUID())),
                RequestDigest.of("test", new byte[0]),
                service.code(ADA),
                sync));
        assertThat(service.book(ADA).seq()).isEqualTo(before + 1);
    }

    /** A user without devices. */
    private static final class NoDevices implements DeviceRows {
        @Override
        public void save(List<Sighting> sightings, Instant now) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Installation> list(BookState book) {
            return List.of();
        }

        @Override
        public boolean forget(Owner owner, DeviceId device) {
            throw new UnsupportedOperationException();
        }
    }
}
