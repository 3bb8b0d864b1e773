package org.contactsync.store.sql;

import jakarta.persistence.EntityManager;
import java.util.List;

/**
 * Has PostgreSQL count a table anew that has changed much since it was counted. It does so by itself, once a minute at most; until then it
 * may read a whole book where it should read one contact: after the first import into an empty database, for example. Does nothing on H2.
 * Thread-safe.
 */
public final class PlannerStatistics {
    /** Those with many rows of one book or task, and {@code book}: each change reads it, and a plan for few books reads all of them. */
    private static final String TABLES =
            "('book', 'sync_task', 'contact', 'contact_version', 'book_change', 'lost_version', 'retired_generation', 'staged_change',"
                    + " 'upload', 'lookup_entry', 'photo')";

    /**
     * A row of {@code book} is written anew with each change, one of {@code upload} with each chunk. That says nothing new: there have to be
     * more rows than were counted.
     */
    private static final String GROWN = "(s.relname not in ('book', 'upload') or s.n_live_tup > 2 * c.reltuples)";

    /** Somebody counts or vacuums it, or changes its form. It would be left out each time while others wait to be counted. */
    private static final String LOCKED = "exists (select 1 from pg_locks l where l.relation = s.relid and l.granted"
            + " and l.pid <> pg_backend_pid() and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock',"
            + " 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"
            + " and l.database = (select d.oid from pg_database d where d.datname = current_database()))";

    /** Smaller tables are read quickly in any way. */
    private static final int LEAST_ROWS = 1_000;

    private static final int LEAST_CHANGES = 2_000;

    /** Larger tables change slowly in comparison, and take longer than a sweep should. */
    private static final int MOST_ROWS = 2_000_000;

    /** Half of the rows are new; a tenth is what the database waits for by itself. Only an owner may have it counted. */
    private static final String DUE = "select s.relname from pg_stat_user_tables s join pg_class c on c.oid = s.relid"
            + " where s.schemaname = current_schema() and s.relname in " + TABLES
            + " and pg_has_role(c.relowner, 'USAGE') and s.n_live_tup between " + LEAST_ROWS + " and " + MOST_ROWS
            + " and s.n_mod_since_analyze > " + LEAST_CHANGES + " + s.n_live_tup / 2 and " + GROWN
            + " and not " + LOCKED
            + " order by s.n_mod_since_analyze desc limit 1";

    private final EntityManager em;
    private final Product product;

    public PlannerStatistics(EntityManager em) {
        this.em = em;
        product = new Product(em);
    }

    /** Counts one table. @return whether there was one */
    public boolean refresh() {
        if (!product.isPostgres()) {
            return false;
        }
        List<?> due = em.createNativeQuery(DUE).getResultList();
        if (due.isEmpty()) {
            return false;
        }
        // Not while somebody else does it; the name is one of TABLES.
        em.createNativeQuery("analyze (skip_locked) " + due.get(0)).executeUpdate();
        return true;
    }
}
