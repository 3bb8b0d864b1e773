package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.photo.ObjectName;
import org.contactsync.photo.ObjectRows;
import org.contactsync.photo.ObjectSweep;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoDigest;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.photo.PhotoSweep;
import org.contactsync.photo.PhotoType;
import org.contactsync.photo.Photos;
import org.contactsync.photo.Photos.Begin;
import org.contactsync.photo.Photos.Begun;
import org.contactsync.photo.Pictures;
import org.contactsync.photo.UnusedPhotos;
import org.contactsync.photo.UnusedPhotos.Cards;
import org.contactsync.photo.UnusedPhotos.Place;
import org.contactsync.photo.UnusedPhotos.Seen;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.request.Change;
import org.contactsync.store.account.JpaErasedAccounts;
import org.contactsync.store.object.NoObjects;
import org.contactsync.store.photo.JpaObjectRows;
import org.contactsync.store.photo.JpaPhotos;
import org.contactsync.store.photo.JpaUnusedPhotos;
import org.contactsync.sync.Latch;
import org.contactsync.sync.book.BookBusyException;
import org.junit.jupiter.api.Test;

/** Photos are there as a whole or not at all, within their quota, and as long as a card names them. */
interface PhotosContract {
    long QUOTA = 1_000_000;
    Duration GRACE = Duration.ofDays(1);
    Instant LATER = NOON.plus(Duration.ofDays(2));
    byte[] SOME = Pictures.jpeg(2_000, 1);
    byte[] OTHER = Pictures.jpeg(3_000, 2);

    JpaTestStore jpaStore();

    /** Where the bytes go; the database has them if it takes no new ones. */
    default PhotoObjects objects() {
        return new NoObjects();
    }

    @Test
    default void aPhotoIsThereOnceItIsFinished() {
        long book = bookOf(ADA);
        UUID upload = UUID.randomUUID();
        assertThat(begin(book, SOME, upload)).isEqualTo(Begun.NEW);
        assertThat(add(book, upload, 0, SOME)).isTrue();
        assertThat(found(book, SOME)).isEmpty();

        assertThat(finish(book, upload, SOME)).isTrue();

        assertThat(found(book, SOME)).contains(photo(SOME));
        assertThat(photos().piece(book, Pictures.digest(SOME), 0).flatMap(objects()::read))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(SOME));
        assertThat(photos().piece(book, Pictures.digest(SOME), 1)).isEmpty();
        assertThat(found(bookOf(BOB), SOME)).as("another user").isEmpty();
        assertThat(begin(book, SOME, UUID.randomUUID())).isEqualTo(Begun.THERE);
        assertThat(count("photo_upload")).isZero();
    }

    @Test
    default void ofTwoThatSendTheSameOneStays() {
        long book = bookOf(ADA);
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        begin(book, SOME, first);
        begin(book, SOME, second);
        add(book, first, 0, SOME);
        add(book, second, 0, SOME);

        assertThat(finish(book, first, SOME)).isTrue();
        assertThat(finish(book, second, SOME)).isTrue();

        assertThat(photos().list(book, Optional.empty(), 10)).containsExactly(photo(SOME));
        assertThat(pieces()).isEqualTo(1);
        assertThat(count("photo_upload")).isZero();
    }

    @Test
    default void whatIsDroppedOrTooLateLeavesNothing() {
        long book = bookOf(ADA);
        UUID dropped = UUID.randomUUID();
        UUID late = UUID.randomUUID();
        begin(book, SOME, dropped);
        begin(book, OTHER, late);
        add(book, dropped, 0, SOME);
        add(book, late, 0, OTHER);

        jpaStore().inTransaction(() -> photos().drop(book, dropped));
        jpaStore().inTransaction(() -> photos().drop(book, dropped));
        assertThat(removeExpired(NOON.plusSeconds(59))).isZero();
        assertThat(removeExpired(NOON.plusSeconds(60))).isEqualTo(1);

        assertThat(add(book, late, 1, OTHER)).isFalse();
        assertThat(finish(book, late, OTHER)).isFalse();
        assertThat(finish(book, dropped, SOME)).isFalse();
        assertThat(count("photo") + pieces() + count("photo_upload")).isZero();
    }

    @Test
    default void whatIsOnItsWayCountsInTheQuota() {
        long book = bookOf(ADA);
        UUID first = UUID.randomUUID();
        assertThat(begin(book, SOME, first, QUOTA - 2 * Photo.ROW - 100)).isEqualTo(Begun.NEW);
        assertThat(begin(book, OTHER, UUID.randomUUID(), 101)).isEqualTo(Begun.FULL);
        assertThat(begin(book, OTHER, UUID.randomUUID(), 100)).isEqualTo(Begun.NEW);
        assertThat(begin(bookOf(BOB), OTHER, UUID.randomUUID(), 101)).isEqualTo(Begun.NEW);

        add(book, first, 0, SOME);
        finish(book, first, SOME);

        assertThat(begin(book, Pictures.jpeg(10, 3), UUID.randomUUID(), 100_000))
                .isEqualTo(Begun.NEW);
    }

    @Test
    default void photosAreListedByTheirDigests() {
        long book = bookOf(ADA);
        store(book, SOME);
        store(book, OTHER);
        PhotoDigest last = Pictures.digest(SOME).compareTo(Pictures.digest(OTHER)) < 0
                ? Pictures.digest(OTHER)
                : Pictures.digest(SOME);

        assertThat(photos().list(book, Optional.empty(), 10))
                .extracting(Photo::digest)
                .containsExactlyInAnyOrder(Pictures.digest(SOME), Pictures.digest(OTHER))
                .isSorted();
        assertThat(photos().list(book, Optional.of(last), 10)).isEmpty();
        assertThat(photos().list(book, Optional.empty(), 1)).hasSize(1);
    }

    /** Protocol 4.27.6. */
    @Test
    default void aPhotoThatNobodyNamesGoesAfterTheGrace() {
        long book = bookOf(ADA);
        store(book, SOME);
        store(book, OTHER);
        jpaStore().change(ADA, named(1, OTHER));

        sweep(NOON.plus(GRACE));
        assertThat(count("photo")).as("not before").isEqualTo(2);
        sweep(LATER);

        assertThat(found(book, SOME)).isEmpty();
        assertThat(found(book, OTHER)).isPresent();
        assertThat(pieces()).isEqualTo(1);
    }

    /** Protocol 4.27.6. */
    @Test
    default void whatTheHistoryNamesStays() {
        long book = bookOf(ADA);
        store(book, SOME);
        store(book, OTHER);
        jpaStore().change(ADA, named(1, SOME), named(2, OTHER));
        jpaStore().change(ADA, put(1, "without"), delete(2));

        sweep(LATER);
        assertThat(count("photo")).isEqualTo(2);

        jpaStore().inTransaction(() -> jpaStore().execute("delete from contact_version where book_id = ?1", book));
        jpaStore()
                .inTransaction(() -> jpaStore()
                        .execute(
                                "insert into lost_version (book_id, seq, uid, card, content_hash) values (?1, 1, ?2, ?3, ?2)",
                                book,
                                new byte[32],
                                Pictures.card("lost", Pictures.digest(SOME)).getBytes(StandardCharsets.UTF_8)));
        sweep(LATER.plus(Duration.ofDays(2)));
        assertThat(found(book, SOME)).as("a lost card names it").isPresent();
        assertThat(found(book, OTHER)).isEmpty();
    }

    /** More than one slice of each. */
    @Test
    default void theLastOfManyCardsCounts() {
        long book = bookOf(ADA);
        store(book, SOME);
        store(book, OTHER);
        Change[] many = new Change[120];
        Change[] without = new Change[120];
        for (int i = 0; i < many.length; i++) {
            many[i] = i == 119 ? named(i, SOME) : put(i, "contact");
            without[i] = put(i, "changed");
        }
        jpaStore().change(ADA, many);
        sweep(LATER);
        assertThat(found(book, SOME)).isPresent();
        assertThat(found(book, OTHER)).isEmpty();

        jpaStore().change(ADA, without);
        sweep(LATER.plus(Duration.ofDays(2)));
        assertThat(found(book, SOME)).as("in the history").isPresent();
    }

    /** One upload that replaced them gives all their versions one number. */
    @Test
    default void manyVersionsOfOneNumberAreAllRead() {
        long book = bookOf(ADA);
        store(book, SOME);
        Change[] many = new Change[120];
        for (int i = 0; i < many.length; i++) {
            many[i] = put(i, "contact");
        }
        jpaStore().change(ADA, many);
        for (int i = 0; i < many.length; i++) {
            many[i] = put(i, "changed");
        }
        jpaStore().change(ADA, many);
        Seen seen = unused().see(book).orElseThrow();
        int cards = 0;
        Optional<Place> place = Optional.of(Place.START);
        for (int i = 0; place.isPresent() && i < 100; i++) {
            Cards some = unused().read(seen, place.get());
            cards += some.cards().size();
            place = some.next();
        }

        assertThat(place).isEmpty();
        assertThat(cards).isEqualTo(240);
    }

    @Test
    default void askingForAPhotoKeepsIt() {
        long book = bookOf(ADA);
        store(book, SOME);
        assertThat(jpaStore()
                        .inTransaction(
                                () -> photos().use(book, Pictures.digest(SOME), LATER.minus(Duration.ofHours(1)))))
                .contains(photo(SOME));
        assertThat(jpaStore().inTransaction(() -> photos().use(book, Pictures.digest(OTHER), LATER)))
                .isEmpty();

        sweep(LATER);

        assertThat(found(book, SOME)).isPresent();
    }

    /** The cards of such a task are not in the book yet. */
    @Test
    default void nothingGoesWhileATaskIsUnfinished() {
        long book = bookOf(ADA);
        store(book, SOME);
        jpaStore()
                .inTransaction(() -> jpaStore()
                        .execute(
                                "insert into given_up_step (task_id, book_id, payload, given_up_at_millis)"
                                        + " values (?1, ?2, ?3, 0)",
                                UUID.randomUUID(),
                                book,
                                new byte[1]));
        sweep(LATER);
        assertThat(found(book, SOME)).isPresent();

        jpaStore().inTransaction(() -> jpaStore().execute("delete from given_up_step"));
        sweep(LATER);
        assertThat(found(book, SOME)).isEmpty();
    }

    /** A contact that begins to name a photo while the cards are read, or between that and the removal. */
    @Test
    default void aCardThatComesDuringTheSweepCounts() {
        long book = bookOf(ADA);
        store(book, SOME);
        store(book, OTHER);
        jpaStore().change(ADA, put(1, "one"));
        Seen seen = unused().see(book).orElseThrow();
        Cards cards = unused().read(seen, Place.START);
        assertThat(cards.cards()).hasSize(1);

        jpaStore().change(ADA, named(1, SOME));
        jpaStore().change(ADA, put(1, "one again"));

        assertThat(remove(seen)).contains(1);
        assertThat(found(book, SOME)).isPresent();
        assertThat(found(book, OTHER)).isEmpty();
    }

    /** Nobody waits with a connection for a book that is being changed. */
    @Test
    default void whoSendsAPhotoDoesNotWaitForTheBook() throws Exception {
        long book = bookOf(ADA);
        UUID upload = UUID.randomUUID();
        begin(book, SOME, upload);
        add(book, upload, 0, SOME);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Void> change =
                CompletableFuture.runAsync(() -> jpaStore().inTransaction(() -> {
                    jpaStore().books().lock(ADA);
                    locked.countDown();
                    Latch.await(mayEnd);
                }));
        locked.await();

        assertThatThrownBy(() -> begin(book, OTHER, UUID.randomUUID())).isInstanceOf(BookBusyException.class);
        assertThatThrownBy(() -> finish(book, upload, SOME)).isInstanceOf(BookBusyException.class);

        mayEnd.countDown();
        change.get(60, TimeUnit.SECONDS);
        assertThat(finish(book, upload, SOME)).isTrue();
    }

    /** An erasure, or another instance, removes them in an order of its own. */
    @Test
    default void whoRemovesWhatIsLeftOfUploadsWaitsForNobody() throws Exception {
        long book = bookOf(ADA);
        UUID busy = UUID.randomUUID();
        begin(book, SOME, busy);
        begin(book, OTHER, UUID.randomUUID());
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(() -> jpaStore().inTransaction(() -> {
                    jpaStore()
                            .execute(
                                    "update photo_upload set photo_bytes = photo_bytes where book_id = ?1 and upload_id = ?2",
                                    book,
                                    busy);
                    locked.countDown();
                    Latch.await(mayEnd);
                }));
        locked.await();

        assertThat(removeExpired(NOON.plusSeconds(60))).isEqualTo(1);

        mayEnd.countDown();
        other.get(60, TimeUnit.SECONDS);
        assertThat(removeExpired(NOON.plusSeconds(60))).isEqualTo(1);
        assertThat(count("photo_upload")).isZero();
    }

    @Test
    default void whoNotesThatPhotosAreUsedWaitsForNobody() throws Exception {
        long book = bookOf(ADA);
        store(book, SOME);
        store(book, OTHER);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(() -> jpaStore().inTransaction(() -> {
                    jpaStore()
                            .execute(
                                    "update photo set media_type = media_type where book_id = ?1 and digest = ?2",
                                    book,
                                    Pictures.digest(SOME).bytes());
                    locked.countDown();
                    Latch.await(mayEnd);
                }));
        locked.await();

        jpaStore()
                .inTransaction(() -> unused().use(book, Set.of(Pictures.digest(SOME), Pictures.digest(OTHER)), LATER));

        mayEnd.countDown();
        other.get(60, TimeUnit.SECONDS);
        assertThat(unused().findUnused(book, LATER, 10)).containsExactly(Pictures.digest(SOME));
    }

    /** A change that holds the book's lock when the removal begins. */
    @Test
    default void theRemovalWaitsForAChangeThatIsUnderWay() throws Exception {
        long book = bookOf(ADA);
        store(book, SOME);
        Seen seen = unused().see(book).orElseThrow();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Void> change =
                CompletableFuture.runAsync(() -> jpaStore().inTransaction(() -> {
                    jpaStore().books().lock(ADA);
                    locked.countDown();
                    Latch.await(mayEnd);
                    jpaStore()
                            .execute(
                                    "insert into lost_version (book_id, seq, uid, card, content_hash) values (?1, 9, ?2, ?3, ?2)",
                                    book,
                                    new byte[32],
                                    Pictures.card("late", Pictures.digest(SOME)).getBytes(StandardCharsets.UTF_8));
                }));
        locked.await();
        CompletableFuture<Optional<Integer>> removal = CompletableFuture.supplyAsync(() -> remove(seen));
        Thread.sleep(100);
        assertThat(removal).isNotDone();
        mayEnd.countDown();

        change.get(60, TimeUnit.SECONDS);
        assertThat(removal.get(60, TimeUnit.SECONDS)).contains(0);
        assertThat(found(book, SOME)).isPresent();
    }

    @Test
    default void anErasureEndsAnUpload() {
        long book = bookOf(ADA);
        store(book, OTHER);
        UUID upload = UUID.randomUUID();
        begin(book, SOME, upload);
        add(book, upload, 0, SOME);
        JpaErasedAccounts accounts = new JpaErasedAccounts(jpaStore().entityManager());
        jpaStore().inTransaction(() -> accounts.erase(ADA, NOON));

        assertThat(finish(book, upload, SOME)).isFalse();
        assertThat(begin(book, SOME, UUID.randomUUID())).isEqualTo(Begun.GONE);
        boolean more = true;
        while (more) {
            more = jpaStore().inTransaction(() -> accounts.removeSome(book, 100, NOON));
        }
        assertThat(add(book, upload, 1, SOME)).isFalse();
        assertThat(count("photo") + pieces() + count("photo_upload")).isZero();
    }

    /** An instance of the release before erases a book and leaves its photos. */
    @Test
    default void photosOfABookThatIsGoneGoToo() {
        long book = bookOf(ADA);
        store(book, SOME);
        store(book, OTHER);
        jpaStore().inTransaction(() -> jpaStore().execute("delete from book where id = ?1", book));

        sweep(NOON.plus(GRACE));
        assertThat(count("photo")).isEqualTo(2);
        sweep(LATER);

        assertThat(count("photo") + pieces()).isZero();
    }

    private Change named(int n, byte[] photo) {
        String card = Pictures.card("contact", Pictures.digest(photo));
        return new Change.Put(uid(n), CanonicalCard.ofTrusted(card.getBytes(StandardCharsets.UTF_8)), Optional.empty());
    }

    /** Until nothing is left to do at that time. */
    private void sweep(Instant now) {
        PhotoSweep sweep = new PhotoSweep(inTransactions(UnusedPhotos.class, unused()), GRACE, () -> 0);
        sweep.run(now);
    }

    /** Each method in a transaction of its own, as in the service. */
    private <T> T inTransactions(Class<T> type, T port) {
        return type.cast(Proxy.newProxyInstance(
                PhotosContract.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> jpaStore().inTransaction(() -> {
                    try {
                        return method.invoke(port, arguments);
                    } catch (ReflectiveOperationException e) {
                        throw new AssertionError(e);
                    }
                })));
    }

    /** Pieces in the database, and photos with pieces elsewhere, when what nobody needs has been removed. */
    private long pieces() {
        ObjectRows rows =
                inTransactions(ObjectRows.class, new JpaObjectRows(jpaStore().entityManager()));
        new ObjectSweep(rows, objects(), GRACE, () -> true).run(LATER);
        return count("photo_piece") + count("photo_object");
    }

    private void store(long book, byte[] photo) {
        UUID upload = UUID.randomUUID();
        assertThat(begin(book, photo, upload)).isEqualTo(Begun.NEW);
        assertThat(add(book, upload, 0, photo)).isTrue();
        assertThat(finish(book, upload, photo)).isTrue();
    }

    private long bookOf(Owner owner) {
        return jpaStore()
                .inTransaction(() -> jpaStore().books().lock(owner).book())
                .id();
    }

    private Begun begin(long book, byte[] photo, UUID upload) {
        return begin(book, photo, upload, photo.length);
    }

    private Begun begin(long book, byte[] photo, UUID upload, long bytes) {
        return jpaStore()
                .inTransaction(() -> photos().begin(new Begin(
                        book,
                        Pictures.digest(photo),
                        upload,
                        bytes,
                        QUOTA,
                        NOON,
                        NOON.plusSeconds(60),
                        objects().takesNew() ? Optional.of(objects().place()) : Optional.empty(),
                        Optional.empty())));
    }

    private boolean add(long book, UUID upload, int number, byte[] piece) {
        if (objects().takesNew()) {
            boolean open = jpaStore().inTransaction(() -> photos().isOpen(book, upload));
            if (open) {
                objects().put(new ObjectName(upload, number), piece);
            }
            return open;
        }
        return jpaStore().inTransaction(() -> photos().add(book, upload, number, piece));
    }

    private boolean finish(long book, UUID upload, byte[] photo) {
        return jpaStore().inTransaction(() -> photos().finish(book, upload, photo(photo), Optional.empty(), NOON));
    }

    private int removeExpired(Instant now) {
        return jpaStore().inTransaction(() -> unused().removeExpired(now, 10));
    }

    private Optional<Integer> remove(Seen seen) {
        Instant before = NOON.plusSeconds(1);
        Set<PhotoDigest> photos = Set.copyOf(unused().findUnused(seen.book(), before, 1_000));
        return jpaStore().inTransaction(() -> unused().remove(seen, before, photos));
    }

    private Optional<Photo> found(long book, byte[] photo) {
        return photos().find(book, Pictures.digest(photo));
    }

    private static Photo photo(byte[] bytes) {
        return new Photo(Pictures.digest(bytes), PhotoType.JPEG, bytes.length);
    }

    private Photos photos() {
        return new JpaPhotos(jpaStore().entityManager());
    }

    private UnusedPhotos unused() {
        return new JpaUnusedPhotos(jpaStore().entityManager());
    }

    private long count(String table) {
        return ((Number) jpaStore().rows("select count(*), 1 from " + table).get(0)[0]).longValue();
    }
}
