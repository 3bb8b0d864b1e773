package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.NOON;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.contactsync.photo.MemoryObjects;
import org.contactsync.photo.ObjectName;
import org.contactsync.photo.ObjectRows;
import org.contactsync.photo.ObjectRows.Row;
import org.contactsync.photo.ObjectSweep;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoType;
import org.contactsync.photo.Photos;
import org.contactsync.photo.Photos.Begin;
import org.contactsync.photo.Photos.Begun;
import org.contactsync.photo.Pictures;
import org.contactsync.photo.StoredPiece;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.store.account.JpaErasedAccounts;
import org.contactsync.store.photo.JpaObjectRows;
import org.contactsync.store.photo.JpaPhotos;
import org.contactsync.store.photo.JpaUnusedPhotos;
import org.junit.jupiter.api.Test;

/** Of every piece that the store may have there is a row; pieces that no photo has are removed, and no others. */
interface ObjectRowsContract {
    Duration SHORT = Duration.ofDays(7);

    /** When pieces of uploads that began at noon may be removed. */
    Instant SETTLED = NOON.plus(Duration.ofMinutes(20));

    byte[] SMALL = Pictures.jpeg(2_000, 1);
    byte[] LARGE = Pictures.jpeg(Photo.PIECE + 1, 2);

    long ROOM = 10_000_000;

    JpaTestStore jpaStore();

    @Test
    default void aRowIsThereBeforeTheFirstPiece() {
        UUID small = begin(SMALL);
        UUID large = begin(LARGE);

        assertThat(list()).containsExactlyInAnyOrder(row(small, 1, true), row(large, 2, true));
    }

    @Test
    default void whatGoesToTheDatabaseHasNoRow() {
        long book = book();
        jpaStore().inTransaction(() -> photos().begin(begun(book, SMALL, UUID.randomUUID(), false)));

        assertThat(list()).isEmpty();
    }

    @Test
    default void aPhotoSaysWhereItsPiecesAre() {
        UUID upload = store(LARGE, new MemoryObjects());

        assertThat(photos().piece(book(), Pictures.digest(LARGE), 0))
                .contains(new StoredPiece.InStore(new ObjectName(upload, 0), MemoryObjects.PLACE));
        assertThat(photos().piece(book(), Pictures.digest(LARGE), 1))
                .contains(new StoredPiece.InStore(new ObjectName(upload, 1), MemoryObjects.PLACE));
        assertThat(photos().piece(book(), Pictures.digest(LARGE), 2)).isEmpty();
        assertThat(photos().piece(book(), Pictures.digest(SMALL), 0)).isEmpty();
    }

    @Test
    default void aPhotoWithoutItsPiecesIsSentAgain() {
        MemoryObjects objects = new MemoryObjects();
        UUID lost = store(SMALL, objects);
        UUID next = UUID.randomUUID();

        UUID second = UUID.randomUUID();

        assertThat(again(next, ROOM, lost)).isEqualTo(Begun.NEW);
        assertThat(photos().find(book(), Pictures.digest(SMALL)))
                .as("until all of it has come again")
                .isPresent();
        assertThat(again(second, ROOM, lost)).as("a second one").isEqualTo(Begun.NEW);
        objects.put(new ObjectName(next, 0), SMALL);
        finish(SMALL, next, Optional.of(lost));
        finish(SMALL, second, Optional.of(lost));

        assertThat(again(UUID.randomUUID(), ROOM, lost)).as("it is there again").isEqualTo(Begun.THERE);
        sweep(objects).run(SETTLED);
        assertThat(objects.get(new ObjectName(lost, 0))).isEmpty();
        assertThat(photos().piece(book(), Pictures.digest(SMALL), 0).flatMap(objects::read))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(SMALL));
    }

    /** It counts once. */
    @Test
    default void aPhotoWithoutItsPiecesMakesRoomForItself() {
        UUID lost = store(SMALL, new MemoryObjects());
        long exactly = SMALL.length + Photo.ROW;

        assertThat(again(UUID.randomUUID(), exactly - 1, lost)).isEqualTo(Begun.FULL);
        assertThat(photos().find(book(), Pictures.digest(SMALL)))
                .as("nothing happened")
                .isPresent();
        assertThat(again(UUID.randomUUID(), exactly, lost)).isEqualTo(Begun.NEW);
    }

    private Begun again(UUID upload, long quota, UUID lost) {
        Begin begin = new Begin(
                book(),
                Pictures.digest(SMALL),
                upload,
                SMALL.length,
                quota,
                NOON,
                NOON.plus(Duration.ofMinutes(10)),
                Optional.of(MemoryObjects.PLACE),
                Optional.of(lost));
        return jpaStore().inTransaction(() -> photos().begin(begin));
    }

    @Test
    default void anUploadIsOpenUntilItEnds() {
        long book = book();
        UUID finished = begin(SMALL);
        UUID dropped = begin(LARGE);
        assertThat(photos().isOpen(book, finished)).isTrue();

        finish(SMALL, finished);
        assertThat(jpaStore().inTransaction(() -> photos().drop(book, dropped))).isTrue();
        assertThat(jpaStore().inTransaction(() -> photos().drop(book, dropped))).isFalse();
        assertThat(jpaStore().inTransaction(() -> photos().drop(book, finished)))
                .as("its pieces must stay")
                .isFalse();

        assertThat(photos().isOpen(book, finished)).isFalse();
        assertThat(photos().isOpen(book, dropped)).isFalse();
        assertThat(list()).containsExactlyInAnyOrder(row(finished, 1, true), row(dropped, 2, false));
    }

    /** A piece of an upload that has ended may still be on its way. */
    @Test
    default void piecesOfNoPhotoGoWhenNoneCanComeAnyMore() {
        MemoryObjects objects = new MemoryObjects();
        long book = book();
        UUID kept = store(SMALL, objects);
        UUID dropped = begin(LARGE);
        objects.put(new ObjectName(dropped, 0), SMALL);
        jpaStore().inTransaction(() -> photos().drop(book, dropped));
        objects.put(new ObjectName(dropped, 1), SMALL);
        ObjectSweep sweep = sweep(objects);

        sweep.run(SETTLED.minusMillis(1));
        assertThat(objects.get(new ObjectName(dropped, 1))).isPresent();
        sweep.run(SETTLED.plus(Duration.ofHours(1)));

        assertThat(objects.get(new ObjectName(dropped, 0))).isEmpty();
        assertThat(objects.get(new ObjectName(dropped, 1))).isEmpty();
        assertThat(objects.get(new ObjectName(kept, 0))).isPresent();
        assertThat(list()).extracting(Row::upload).containsExactly(kept);
    }

    @Test
    default void ofTwoUploadsOfOnePhotoThePiecesOfOneGo() {
        MemoryObjects objects = new MemoryObjects();
        UUID first = begin(SMALL);
        UUID second = begin(SMALL);
        objects.put(new ObjectName(first, 0), SMALL);
        objects.put(new ObjectName(second, 0), SMALL);
        finish(SMALL, second);
        finish(SMALL, first);

        sweep(objects).run(SETTLED);

        assertThat(objects.get(new ObjectName(first, 0))).isEmpty();
        assertThat(objects.get(new ObjectName(second, 0))).isPresent();
        assertThat(photos().piece(book(), Pictures.digest(SMALL), 0).flatMap(objects::read))
                .isPresent();
    }

    /** Protocol 4.27.6. */
    @Test
    default void anErasureTakesThePiecesToo() {
        MemoryObjects objects = new MemoryObjects();
        long book = book();
        UUID whole = store(SMALL, objects);
        UUID half = begin(LARGE);
        objects.put(new ObjectName(half, 0), SMALL);
        JpaErasedAccounts accounts = new JpaErasedAccounts(jpaStore().entityManager());
        jpaStore().inTransaction(() -> accounts.erase(ADA, NOON));
        boolean more = true;
        while (more) {
            more = jpaStore().inTransaction(() -> accounts.removeSome(book, 100, NOON));
        }

        sweep(objects).run(SETTLED);

        assertThat(objects.get(new ObjectName(whole, 0))).isEmpty();
        assertThat(objects.get(new ObjectName(half, 0))).isEmpty();
        assertThat(list()).isEmpty();
    }

    @Test
    default void whatIsExpiredGoesToo() {
        MemoryObjects objects = new MemoryObjects();
        UUID late = begin(SMALL);
        objects.put(new ObjectName(late, 0), SMALL);
        sweep(objects).run(SETTLED);
        assertThat(objects.get(new ObjectName(late, 0)))
                .as("may still be finished")
                .isPresent();

        jpaStore().inTransaction(() -> new JpaUnusedPhotos(jpaStore().entityManager()).removeExpired(SETTLED, 10));
        sweep(objects).run(SETTLED);

        assertThat(objects.get(new ObjectName(late, 0))).isEmpty();
        assertThat(list()).isEmpty();
    }

    @Test
    default void whileTheStoreIsAwayNothingIsForgotten() {
        MemoryObjects objects = new MemoryObjects();
        long book = book();
        UUID upload = begin(SMALL);
        objects.put(new ObjectName(upload, 0), SMALL);
        jpaStore().inTransaction(() -> photos().drop(book, upload));
        ObjectSweep sweep = sweep(objects);
        objects.setAway(true);

        assertThatThrownBy(() -> sweep.run(SETTLED)).isInstanceOf(ProblemException.class);
        assertThat(list()).hasSize(1);
        objects.setAway(false);
        sweep.run(SETTLED);

        assertThat(list()).isEmpty();
        assertThat(objects.get(new ObjectName(upload, 0))).isEmpty();
    }

    @Test
    default void aSweepThatIsToEndForgetsNothing() {
        long book = book();
        UUID upload = begin(SMALL);
        jpaStore().inTransaction(() -> photos().drop(book, upload));

        new ObjectSweep(rows(), new MemoryObjects(), SHORT, () -> false).run(SETTLED);

        assertThat(list()).hasSize(1);
    }

    /** Each run does a part of them. */
    @Test
    default void allOfManyAreRemoved() {
        UUID kept = store(SMALL, new MemoryObjects());
        Set<UUID> many = new TreeSet<>();
        jpaStore().inTransaction(() -> {
            for (int i = 0; i < 300; i++) {
                UUID upload = UUID.randomUUID();
                many.add(upload);
                jpaStore()
                        .execute(
                                "insert into photo_object (upload_id, pieces, begun_millis, place) values (?1, 1, ?2, ?3)",
                                upload,
                                NOON.toEpochMilli(),
                                MemoryObjects.PLACE);
            }
        });
        ObjectSweep sweep = sweep(new MemoryObjects());
        for (int i = 0; i < 20; i++) {
            sweep.run(SETTLED);
        }

        assertThat(list()).extracting(Row::upload).containsExactly(kept);
    }

    /** The settings name another bucket, by mistake or in a copy of the database. */
    @Test
    default void piecesOfAnotherPlaceAreLeftAlone() {
        MemoryObjects objects = new MemoryObjects();
        UUID upload = UUID.randomUUID();
        objects.put(new ObjectName(upload, 0), SMALL);
        jpaStore()
                .inTransaction(() -> jpaStore()
                        .execute(
                                "insert into photo_object (upload_id, pieces, begun_millis, place) values (?1, 1, ?2, 'elsewhere')",
                                upload,
                                NOON.toEpochMilli()));

        sweep(objects).run(SETTLED);

        assertThat(list()).hasSize(1);
        assertThat(objects.get(new ObjectName(upload, 0))).isPresent();
    }

    @Test
    default void aPieceThatCannotBeRemovedDoesNotKeepTheOthers() {
        long book = book();
        Set<UUID> dropped = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            UUID upload = begin(SMALL);
            jpaStore().inTransaction(() -> photos().drop(book, upload));
            dropped.add(upload);
        }
        UUID stuck = list().get(0).upload();
        MemoryObjects objects = new MemoryObjects();
        objects.keep(stuck);
        ObjectSweep sweep = sweep(objects);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> sweep.run(SETTLED)).isInstanceOf(ProblemException.class);
        }

        sweep.run(SETTLED);

        assertThat(dropped).contains(stuck);
        assertThat(list()).extracting(Row::upload).containsExactly(stuck);
    }

    private static Row row(UUID upload, int pieces, boolean isUsed) {
        return new Row(upload, pieces, NOON, isUsed, MemoryObjects.PLACE);
    }

    private ObjectSweep sweep(MemoryObjects objects) {
        return new ObjectSweep(rows(), objects, SHORT, () -> true);
    }

    private UUID store(byte[] photo, MemoryObjects objects) {
        UUID upload = begin(photo);
        objects.put(new ObjectName(upload, 0), photo);
        finish(photo, upload);
        return upload;
    }

    private UUID begin(byte[] photo) {
        long book = book();
        UUID upload = UUID.randomUUID();
        assertThat(jpaStore().inTransaction(() -> photos().begin(begun(book, photo, upload, true))))
                .isEqualTo(Begun.NEW);
        return upload;
    }

    private static Begin begun(long book, byte[] photo, UUID upload, boolean asObjects) {
        return new Begin(
                book,
                Pictures.digest(photo),
                upload,
                photo.length,
                ROOM,
                NOON,
                NOON.plus(Duration.ofMinutes(10)),
                asObjects ? Optional.of(MemoryObjects.PLACE) : Optional.empty(),
                Optional.empty());
    }

    private void finish(byte[] bytes, UUID upload) {
        finish(bytes, upload, Optional.empty());
    }

    private void finish(byte[] bytes, UUID upload, Optional<UUID> lost) {
        long book = book();
        Photo photo = new Photo(Pictures.digest(bytes), PhotoType.JPEG, bytes.length);
        assertThat(jpaStore().inTransaction(() -> photos().finish(book, upload, photo, lost, NOON)))
                .isTrue();
    }

    private long book() {
        return jpaStore()
                .inTransaction(() -> jpaStore().books().lock(ADA).book())
                .id();
    }

    /** All, some at a time. */
    private List<Row> list() {
        List<Row> all = new ArrayList<>();
        Optional<UUID> last = Optional.of(new UUID(0, 0));
        while (last.isPresent()) {
            List<Row> some = rows().list(last.get(), 2);
            all.addAll(some);
            last = some.size() < 2 ? Optional.empty() : Optional.of(some.get(1).upload());
        }
        return all;
    }

    /** Each method is a transaction, as in the service. */
    private ObjectRows rows() {
        ObjectRows rows = new JpaObjectRows(jpaStore().entityManager());
        return new ObjectRows() {
            @Override
            public List<Row> list(UUID after, int most) {
                return jpaStore().inTransaction(() -> rows.list(after, most));
            }

            @Override
            public void forget(UUID upload) {
                jpaStore().inTransaction(() -> rows.forget(upload));
            }
        };
    }

    private Photos photos() {
        return new JpaPhotos(jpaStore().entityManager());
    }
}
