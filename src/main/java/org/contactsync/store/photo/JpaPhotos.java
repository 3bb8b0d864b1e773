package org.contactsync.store.photo;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.photo.ObjectName;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoDigest;
import org.contactsync.photo.PhotoType;
import org.contactsync.photo.Photos;
import org.contactsync.photo.StoredPiece;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.book.BookBusyException;

/**
 * Stores photos in {@code photo} and their bytes in {@code photo_piece}, or notes in {@code photo_object} that they are elsewhere. Thread-safe, as
 * the container's entity manager is.
 */
public final class JpaPhotos implements Photos {
    private static final String PHOTO =
            "select p.digest, p.media_type, p.photo_bytes from photo p where p.book_id = ?1";

    /** Photos, and what may come of those on their way. */
    private static final String TAKEN = "select coalesce((select sum(p.photo_bytes + " + Photo.ROW
            + ") from photo p where p.book_id = ?1), 0) + coalesce((select sum(u.photo_bytes + " + Photo.ROW
            + ") from photo_upload u where u.book_id = ?1), 0)";

    /** A row with the bytes, or without them if they are an object. */
    private static final String PIECE = "select b.bytes, p.upload_id, o.place from photo p"
            + " left join photo_piece b on b.book_id = p.book_id and b.upload_id = p.upload_id and b.number = ?3"
            + " left join photo_object o on o.upload_id = p.upload_id and o.pieces > ?3"
            + " where p.book_id = ?1 and p.digest = ?2 and (b.number is not null or o.pieces is not null)";

    private static final byte[] BEFORE_ALL = {};

    private final EntityManager em;

    public JpaPhotos(EntityManager em) {
        this.em = em;
    }

    @Override
    public Begun begin(Begin begin) {
        if (!lock(begin.book())) {
            return Begun.GONE;
        }
        Optional<Photo> there = use(begin.book(), begin.digest(), begin.now());
        if (there.isPresent() && !isLost(begin)) {
            return Begun.THERE;
        }
        long lost = there.map(photo -> photo.bytes() + Photo.ROW).orElse(0L);
        long taken = ((Number) query(TAKEN, begin.book()).getSingleResult()).longValue() - lost;
        if (taken + begin.bytes() + Photo.ROW > begin.quota()) {
            return Begun.FULL;
        }
        query(
                        "insert into photo_upload (book_id, upload_id, photo_bytes, until_millis) values (?1, ?2, ?3, ?4)",
                        begin.book(),
                        begin.upload(),
                        begin.bytes(),
                        begin.until().toEpochMilli())
                .executeUpdate();
        begin.place().ifPresent(place -> {
            long pieces = (begin.bytes() + Photo.PIECE - 1) / Photo.PIECE;
            query(
                            "insert into photo_object (upload_id, pieces, begun_millis, place) values (?1, ?2, ?3, ?4)",
                            begin.upload(),
                            Math.toIntExact(pieces),
                            begin.now().toEpochMilli(),
                            place)
                    .executeUpdate();
        });
        return Begun.NEW;
    }

    /** Whether the photo still is the one without bytes: another upload may have stored it again. */
    private boolean isLost(Begin begin) {
        return begin.lost()
                .filter(upload -> !query(
                                "select digest from photo where book_id = ?1 and digest = ?2 and upload_id = ?3",
                                begin.book(),
                                begin.digest().bytes(),
                                upload)
                        .getResultList()
                        .isEmpty())
                .isPresent();
    }

    @Override
    public boolean isOpen(long book, UUID upload) {
        return !query("select upload_id from photo_upload where book_id = ?1 and upload_id = ?2", book, upload)
                .getResultList()
                .isEmpty();
    }

    @Override
    public boolean add(long book, UUID upload, int number, byte[] piece) {
        // Whoever removes the upload waits for the piece, and removes it too.
        boolean open = !query(
                        "select upload_id from photo_upload where book_id = ?1 and upload_id = ?2 for update",
                        book,
                        upload)
                .getResultList()
                .isEmpty();
        if (open) {
            query(
                            "insert into photo_piece (book_id, upload_id, number, bytes) values (?1, ?2, ?3, ?4)",
                            book,
                            upload,
                            number,
                            piece)
                    .executeUpdate();
        }
        return open;
    }

    @Override
    public boolean finish(long book, UUID upload, Photo photo, Optional<UUID> lost, Instant now) {
        if (!lock(book) || removeUpload(book, upload) == 0) {
            return false;
        }
        // Its objects are left to the sweep.
        lost.ifPresent(id -> query(
                        "delete from photo where book_id = ?1 and digest = ?2 and upload_id = ?3",
                        book,
                        photo.digest().bytes(),
                        id)
                .executeUpdate());
        if (use(book, photo.digest(), now).isPresent()) {
            removePieces(book, upload);
            return true;
        }
        query(
                        "insert into photo (book_id, digest, upload_id, media_type, photo_bytes, used_millis)"
                                + " values (?1, ?2, ?3, ?4, ?5, ?6)",
                        book,
                        photo.digest().bytes(),
                        upload,
                        photo.type().mediaType(),
                        photo.bytes(),
                        now.toEpochMilli())
                .executeUpdate();
        return true;
    }

    @Override
    public boolean drop(long book, UUID upload) {
        boolean open = removeUpload(book, upload) > 0;
        if (open) {
            removePieces(book, upload);
        }
        return open;
    }

    private int removeUpload(long book, UUID upload) {
        return query("delete from photo_upload where book_id = ?1 and upload_id = ?2", book, upload)
                .executeUpdate();
    }

    private void removePieces(long book, UUID upload) {
        query("delete from photo_piece where book_id = ?1 and upload_id = ?2", book, upload)
                .executeUpdate();
    }

    @Override
    public Optional<Photo> find(long book, PhotoDigest digest) {
        List<?> rows = ReadingTime.bound(query(PHOTO + " and p.digest = ?2", book, digest.bytes()))
                .getResultList();
        return rows.stream().findFirst().map(JpaPhotos::photo);
    }

    @Override
    public Optional<Photo> use(long book, PhotoDigest digest, Instant now) {
        int used = query(
                        "update photo set used_millis = ?3 where book_id = ?1 and digest = ?2",
                        book,
                        digest.bytes(),
                        now.toEpochMilli())
                .executeUpdate();
        return used == 0 ? Optional.empty() : find(book, digest);
    }

    @Override
    public Optional<StoredPiece> piece(long book, PhotoDigest digest, int number) {
        List<?> rows =
                ReadingTime.bound(query(PIECE, book, digest.bytes(), number)).getResultList();
        return rows.stream().findFirst().map(row -> piece((Object[]) row, number));
    }

    private static StoredPiece piece(Object[] columns, int number) {
        return columns[0] == null
                ? new StoredPiece.InStore(new ObjectName((UUID) columns[1], number), (String) columns[2])
                : new StoredPiece.Bytes((byte[]) columns[0]);
    }

    @Override
    public List<Photo> list(long book, Optional<PhotoDigest> after, int most) {
        List<?> rows = ReadingTime.bound(query(
                        PHOTO + " and p.digest > ?2 order by p.book_id, p.digest limit ?3",
                        book,
                        after.map(PhotoDigest::bytes).orElse(BEFORE_ALL),
                        most))
                .getResultList();
        return rows.stream().map(JpaPhotos::photo).toList();
    }

    private static Photo photo(Object row) {
        Object[] columns = (Object[]) row;
        return new Photo(
                PhotoDigest.of((byte[]) columns[0]),
                PhotoType.ofMediaType((String) columns[1]),
                ((Number) columns[2]).longValue());
    }

    /**
     * Locks the book's row, by the primary key so that H2 locks one; false if it was erased.
     *
     * @throws BookBusyException if somebody else has locked it: nobody waits with a connection
     */
    private boolean lock(long book) {
        if (!query("select id from book where id = ?1 for update skip locked", book)
                .getResultList()
                .isEmpty()) {
            return true;
        }
        if (query("select id from book where id = ?1", book).getResultList().isEmpty()) {
            return false;
        }
        throw new BookBusyException();
    }

    private Query query(String sql, Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }
}
