package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import jakarta.persistence.Persistence;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.request.Change;
import org.contactsync.store.history.JpaHistory;
import org.contactsync.store.history.JpaHistoryRetention;
import org.contactsync.store.schema.Dialect;
import org.contactsync.store.sql.Parameters;
import org.contactsync.sync.Examples;
import org.contactsync.sync.Housekeeping;
import org.contactsync.sync.TestStore;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.FeedMarks;
import org.contactsync.sync.reading.StoredTrees;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.upload.Staging;
import org.flywaydb.core.Flyway;

/**
 * The stores of the server over a database of the test: the same entities and migrations, the persistence provider of the
 * server, transactions of the test's own. Thread-safe.
 */
final class JpaTestStore implements TestStore {
    /** So few that both ways of reading what has changed are taken. */
    private static final int FEW = 3;

    private static final List<String> TABLES = List.of(
            "book",
            "contact",
            "sync_task",
            "waiting_step",
            "given_up_step",
            "upload",
            "upload_chunk",
            "staged_change",
            "garbage",
            "feed_mark",
            "scrub_round",
            "scrub_finding",
            "book_change",
            "contact_version",
            "lost_version",
            "retired_generation",
            "webhook_endpoint",
            "webhook_cursor",
            "webhook_delivery",
            "lookup_index",
            "lookup_entry",
            "seen_device",
            "erased_book",
            "erasure_mark",
            "book_tree",
            "photo",
            "photo_upload",
            "photo_piece",
            "photo_object");

    private final EntityManagerFactory factory;
    private final ThreadLocal<EntityManager> running = new ThreadLocal<>();
    private final EntityManager shared = (EntityManager) Proxy.newProxyInstance(
            JpaTestStore.class.getClassLoader(), new Class<?>[] {EntityManager.class}, (proxy, method, arguments) -> {
                try {
                    return method.invoke(current(), arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
    private final JpaContacts contacts = new JpaContacts(shared);

    JpaTestStore(String url, String user, String password, Dialect dialect) {
        Flyway.configure()
                .dataSource(url, user, password)
                .locations("classpath:db/migration")
                .placeholders(dialect.placeholders())
                .load()
                .migrate();
        factory = Persistence.createEntityManagerFactory(
                "contact-sync",
                Map.of(
                        "jakarta.persistence.transactionType", "RESOURCE_LOCAL",
                        "jakarta.persistence.jtaDataSource", "",
                        "jakarta.persistence.jdbc.url", url,
                        "jakarta.persistence.jdbc.user", user,
                        "jakarta.persistence.jdbc.password", password));
    }

    /** In memory, with the settings of the service's own database. */
    static JpaTestStore onH2(String name) {
        return new JpaTestStore(
                "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;"
                        + "DEFAULT_NULL_ORDERING=HIGH;LOCK_TIMEOUT=10000",
                "sa",
                "",
                Dialect.H2);
    }

    /** This store without any row. */
    JpaTestStore emptied() {
        inTransaction(() -> TABLES.forEach(
                table -> shared.createNativeQuery("delete from " + table).executeUpdate()));
        return this;
    }

    /** The connection of the transaction. */
    Connection connection() {
        return shared.unwrap(Connection.class);
    }

    /** That of the transaction, outside of one a new one for each call. */
    EntityManager entityManager() {
        return shared;
    }

    /** What a query in SQL comes to. */
    @SuppressWarnings("unchecked")
    List<Object[]> rows(String sql, Object... parameters) {
        return Parameters.set(shared.createNativeQuery(sql), parameters).getResultList();
    }

    /** Changes rows in SQL. */
    void execute(String sql, Object... parameters) {
        Parameters.set(shared.createNativeQuery(sql), parameters).executeUpdate();
    }

    /** Changes a book as the phone does it, in a transaction of its own. */
    void change(Owner owner, Change... changes) {
        List<Change> all = List.of(changes);
        inTransaction(() -> {
            BookState book = books().lock(owner).book();
            Effect effect = Effect.of(
                    book.digest(),
                    new CheckCodes(book.key()),
                    all,
                    contacts.marks(
                            book.id(),
                            book.generation(),
                            all.stream().map(Change::uid).toList()),
                    book.seq() + 1,
                    Examples.PHONE);
            return books().apply(
                            Examples.update(book, book.advanced(effect.digest(), effect.growth()), effect.writes()));
        });
    }

    @Override
    public Books books() {
        return new JpaBooks(shared, MOST_HISTORY);
    }

    @Override
    public Contacts contacts() {
        return contacts;
    }

    @Override
    public BookPages pages() {
        return new JpaPages(shared);
    }

    @Override
    public Tasks tasks() {
        return new JpaTasks(shared);
    }

    @Override
    public Staging staging() {
        return new JpaStaging(shared);
    }

    @Override
    public Housekeeping housekeeping() {
        return new JpaHousekeeping(shared);
    }

    @Override
    public FeedMarks feedMarks() {
        return new JpaFeedMarks(shared);
    }

    @Override
    public StoredTrees trees() {
        return new JpaStoredTrees(shared);
    }

    @Override
    public BookHistory history() {
        return new JpaHistory(shared, FEW);
    }

    @Override
    public HistoryRetention historyRetention() {
        return new JpaHistoryRetention(shared);
    }

    @Override
    public void forgetRecord(long book, long seq) {
        inTransaction(() -> {
            execute("delete from book_change where book_id = ?1 and seq = ?2", book, seq);
            execute("delete from contact_version where book_id = ?1 and until_seq = ?2", book, seq);
            execute(
                    "insert into garbage (book_id, generation, of_book, staged_bytes) select book_id, generation, book_id,"
                            + " staged_bytes from retired_generation where book_id = ?1 and seq = ?2",
                    book,
                    seq);
            execute("delete from retired_generation where book_id = ?1 and seq = ?2", book, seq);
        });
    }

    @Override
    public void forgetCardBytes(long book) {
        inTransaction(() -> execute("update book set card_bytes = null where id = ?1", book));
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        if (running.get() != null) {
            throw new IllegalStateException("a transaction is running in this thread");
        }
        EntityManager em = factory.createEntityManager();
        EntityTransaction transaction = em.getTransaction();
        running.set(em);
        try {
            transaction.begin();
            T result = work.get();
            transaction.commit();
            return result;
        } finally {
            running.remove();
            if (transaction.isActive()) {
                transaction.rollback();
            }
            em.close();
        }
    }

    /** As in the server: that of the transaction, outside of one a new one for each call. */
    private EntityManager current() {
        EntityManager em = running.get();
        return em == null ? factory.createEntityManager() : em;
    }
}
