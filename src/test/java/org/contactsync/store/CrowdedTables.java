package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Copies of tables in a schema of their own, and what a statement reads of them. Their test fills them so that PostgreSQL's planner takes a large book to be
 * small: it has counted many small books, and the large one came later. What a statement reads must depend on what is asked for, and not on the size of the book.
 */
final class CrowdedTables {
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");
    private static final Pattern PARAMETER = Pattern.compile("\\?(\\d*)");

    private final JpaTestStore store;
    private final String schema;

    /** How the planner treats the parameters of a statement. */
    enum Plan {
        /** As for the first calls on a connection: it knows the values. */
        FOR_THE_VALUES("force_custom_plan"),
        /** As for later calls: one plan for any values. */
        FOR_ANY_VALUES("force_generic_plan");

        private final String mode;

        Plan(String mode) {
            this.mode = mode;
        }
    }

    /** Makes empty copies; they are counted only by {@link #count}. */
    CrowdedTables(JpaTestStore store, String schema, List<String> tables) {
        this.store = store;
        this.schema = schema;
        store.inTransaction(() -> {
            store.execute("create schema " + schema);
            for (String table : tables) {
                store.execute("create table " + schema + "." + table + " (like public." + table
                        + " including all) with (autovacuum_enabled = false)");
            }
        });
    }

    /** Runs statements of PostgreSQL on the copies. */
    void run(String... statements) {
        store.inTransaction(() -> {
            use();
            for (String each : statements) {
                store.execute(each);
            }
        });
    }

    /** The uid of a number, in SQL: as those of phones, in no order. */
    static String uid(Object number) {
        return "convert_to(md5('u' || " + number + "), 'UTF8')";
    }

    /** Has the planner count tables. */
    void count(String... tables) {
        for (String each : tables) {
            run("analyze " + schema + "." + each);
        }
    }

    /** Removes the copies. */
    void drop() {
        store.inTransaction(() -> store.execute("drop schema " + schema + " cascade"));
    }

    /**
     * Runs a statement of the service.
     *
     * @param statement with parameters {@code ?}, or {@code ?1} and so on
     * @param types of the parameters in SQL, separated by commas
     * @param values of the parameters in SQL, separated by commas
     * @param most blocks that it may read, from memory or from the disk
     */
    void assertReads(Plan plan, String statement, String types, String values, long most) {
        String explained = store.inTransaction(() -> {
            use();
            store.execute("set local plan_cache_mode = " + plan.mode);
            store.execute("prepare crowded (" + types + ") as " + numbered(statement));
            try {
                return text(store.entityManager()
                        .createNativeQuery(
                                "explain (analyze, buffers, costs off, timing off) execute crowded (" + values + ")")
                        .getResultList());
            } finally {
                store.execute("deallocate crowded");
            }
        });
        Matcher buffers = BUFFERS.matcher(explained);
        assertThat(buffers.find()).as(explained).isTrue();
        assertThat(number(buffers.group(1)) + number(buffers.group(2)))
                .as(explained)
                .isLessThanOrEqualTo(most);
    }

    private void use() {
        store.execute("set local search_path = " + schema + ", public");
    }

    private static String text(List<?> lines) {
        return lines.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** PostgreSQL's own parameters: those without a number have one after the other. */
    private static String numbered(String statement) {
        int[] next = {0};
        return PARAMETER
                .matcher(statement)
                .replaceAll(found -> "\\$" + (found.group(1).isEmpty() ? ++next[0] : Integer.parseInt(found.group(1))));
    }
}
