package org.contactsync.store.photo;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.contactsync.photo.ObjectRows;
import org.contactsync.store.sql.Parameters;

/** Reads {@code photo_object}, whose rows {@link JpaPhotos} writes. Thread-safe, as the container's entity manager is. */
public final class JpaObjectRows implements ObjectRows {
    private final EntityManager em;

    public JpaObjectRows(EntityManager em) {
        this.em = em;
    }

    @Override
    public List<Row> list(UUID after, int most) {
        // One statement: an upload that becomes a photo meanwhile is seen as one of both.
        List<?> rows = Parameters.set(
                        em.createNativeQuery(
                                "select o.upload_id, o.pieces, o.begun_millis, p.book_id as of_photo, u.book_id as of_upload, o.place"
                                        + " from (select upload_id, pieces, begun_millis, place from photo_object where upload_id > ?1"
                                        + " order by upload_id limit ?2) o"
                                        + " left join photo p on p.upload_id = o.upload_id"
                                        + " left join photo_upload u on u.upload_id = o.upload_id order by o.upload_id"),
                        after,
                        most)
                .getResultList();
        return rows.stream().map(row -> row((Object[]) row)).toList();
    }

    private static Row row(Object[] columns) {
        return new Row(
                (UUID) columns[0],
                ((Number) columns[1]).intValue(),
                Instant.ofEpochMilli(((Number) columns[2]).longValue()),
                columns[3] != null || columns[4] != null,
                (String) columns[5]);
    }

    @Override
    public void forget(UUID upload) {
        Parameters.set(em.createNativeQuery("delete from photo_object where upload_id = ?1"), upload)
                .executeUpdate();
    }
}
