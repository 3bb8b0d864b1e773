package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.reading.StoredTrees;

/** Stores digest trees in {@code book_tree}. Thread-safe, as the container's entity manager is. */
final class JpaStoredTrees implements StoredTrees {
    private static final String FIND =
            "select generation, seq, nodes, checksum from book_tree where book_id = ?1 and form = " + BookTree.FORM;

    /** A book of that generation, and what is stored for it. */
    private static final String BEFORE = "select t.generation, t.seq, t.form from book b"
            + " left join book_tree t on t.book_id = b.id where b.id = ?1 and b.generation = ?2";

    private final EntityManager em;

    JpaStoredTrees(EntityManager em) {
        this.em = em;
    }

    @Override
    public Optional<BookTree.Row> find(long book) {
        List<?> rows = ReadingTime.bound(query(FIND, book)).getResultList();
        return rows.stream().findFirst().map(row -> row((Object[]) row));
    }

    private static BookTree.Row row(Object[] row) {
        return new BookTree.Row(number(row[0]), number(row[1]), (byte[]) row[2], (byte[]) row[3]);
    }

    @Override
    public boolean save(BookTree tree) {
        List<?> before = query(BEFORE, tree.book(), tree.generation()).getResultList();
        if (before.isEmpty()) {
            return false;
        }
        Object[] stored = (Object[]) before.get(0);
        if (stored[0] != null && !isOlder(stored, tree)) {
            return false;
        }
        BookTree.Row row = tree.row();
        String write = stored[0] == null
                ? "insert into book_tree (book_id, generation, seq, form, nodes, checksum) values (?1, ?2, ?3, ?4, ?5, ?6)"
                        + " on conflict do nothing"
                : "update book_tree set generation = ?2, seq = ?3, form = ?4, nodes = ?5, checksum = ?6 where book_id = ?1"
                        + " and (generation < ?2 or generation = ?2 and seq < ?3) and form <= ?4";
        return query(write, tree.book(), row.generation(), row.seq(), BookTree.FORM, row.nodes(), row.checksum())
                        .executeUpdate()
                > 0;
    }

    /** One of a newer form is left to the release that wrote it. */
    private static boolean isOlder(Object[] stored, BookTree tree) {
        long generation = number(stored[0]);
        return number(stored[2]) <= BookTree.FORM
                && (generation < tree.generation()
                        || generation == tree.generation() && number(stored[1]) < tree.seq());
    }

    @Override
    public void remove(long book) {
        query("delete from book_tree where book_id = ?1", book).executeUpdate();
    }

    @Override
    public OptionalLong removeUnused(long after, int most, long leastContacts) {
        Object last = query(
                        "select max(book_id) from (select book_id from book_tree where book_id > ?1"
                                + " order by book_id limit ?2) t",
                        after,
                        most)
                .getResultList()
                .get(0);
        if (last == null) {
            return OptionalLong.empty();
        }
        query(
                        "delete from book_tree where book_id > ?1 and book_id <= ?2 and not exists (select 1 from book b"
                                + " where b.id = book_tree.book_id and b.generation = book_tree.generation"
                                + " and b.contact_count >= ?3)",
                        after,
                        last,
                        leastContacts)
                .executeUpdate();
        return OptionalLong.of(number(last));
    }

    private Query query(String sql, Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
