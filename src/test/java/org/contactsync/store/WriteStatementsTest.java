package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.contactsync.store.sql.BookSql;
import org.contactsync.store.sql.GroupSql;
import org.contactsync.store.sql.Named;
import org.contactsync.store.sql.RowArrays;
import org.contactsync.store.sql.Sql;
import org.contactsync.store.sql.StagingSql;
import org.contactsync.store.write.WriteMany;
import org.contactsync.store.write.WriteTogether;
import org.contactsync.sync.WriteExamples;
import org.contactsync.sync.task.BookUpdate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The statements of a book and their parameters. */
class WriteStatementsTest {
    /** What was asked of the database: the parameters by number, by the name of the statement. */
    private final Map<String, Set<Integer>> bound = new HashMap<>();

    private final EntityManager em = proxy(EntityManager.class, (method, arguments) -> {
        assertThat(method).isEqualTo("createNamedQuery");
        return query((String) arguments[0]);
    });

    static Stream<Sql> statements() {
        return Stream.concat(BookSql.COMMON.stream(), BookSql.POSTGRES.stream());
    }

    /** A statement that writes a book has all its parameters set, once: no column is forgotten. */
    @Test
    void everyParameterOfAWriteIsBound() {
        List<BookUpdate> updates = WriteExamples.ofOneTask();
        for (BookUpdate update : updates) {
            assertThat(WriteTogether.statement(em, update)).isPresent();
        }

        List<Sql> writes = List.of(
                BookSql.WRITE,
                BookSql.WRITE_WITH_CHANGED_CONTACT,
                BookSql.WRITE_WITH_DELETED_CONTACT,
                BookSql.WRITE_WITH_NEW_CONTACT);
        assertThat(bound.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        writes.stream().map(Sql::name).toList());
        for (Sql sql : writes) {
            assertThat(bound.get(sql.name())).as(sql.name()).isEqualTo(numbers(sql));
        }
    }

    /** The same of the statement that writes several books: its parameters are columns of rows. */
    @Test
    void everyColumnOfAWriteOfSeveralBooksIsBound() {
        List<BookUpdate> updates = WriteExamples.ofOneTask().stream()
                .filter(WriteTogether::isUsual)
                .toList();
        assertThat(updates).as("changed, deleted, new").hasSize(3);
        Map<Integer, Integer> rows = new TreeMap<>();
        ResultSet none = proxy(ResultSet.class, (method, arguments) -> method.equals("next") ? false : null);
        PreparedStatement write = proxy(PreparedStatement.class, (method, arguments) -> {
            if (method.equals("setObject") || method.equals("setLong")) {
                int number =
                        method.equals("setLong") ? ((Long) arguments[1]).intValue() : Array.getLength(arguments[1]);
                assertThat(rows.put((Integer) arguments[0], number))
                        .as("set once")
                        .isNull();
            }
            return method.equals("executeQuery") ? none : null;
        });
        Connection connection = proxy(Connection.class, (method, arguments) -> {
            assertThat(List.of(method, arguments[0])).isEqualTo(List.of("prepareStatement", GroupSql.WRITE));
            return write;
        });

        new WriteMany(proxy(EntityManager.class, (method, arguments) -> connection)).write(updates);

        assertThat(rows.keySet()).isEqualTo(numbers(parameters(GroupSql.WRITE)));
        assertThat(rows.values()).containsOnly(updates.size());
    }

    @Test
    void statementsWithRowsHaveOneParameterForEachColumnAndOneForTheRows() {
        assertThat(parameters(GroupSql.LOCK_FREE)).isEqualTo(GroupSql.WANTED.size() + 1);
        assertThat(parameters(GroupSql.WRITE)).isEqualTo(GroupSql.UPDATE.size() + 1 + GroupSql.CONTACT.size() + 1);
        assertThat(parameters(StagingSql.INSERT)).isEqualTo(2 + StagingSql.CONTACT.size() + 1);
        assertThat(List.of(GroupSql.LOCK_FREE, GroupSql.WRITE, StagingSql.INSERT))
                .allSatisfy(
                        text -> assertThat(text).doesNotContainPattern(":[a-z]").doesNotContain("{"));
    }

    @Test
    void aColumnThatIsNotThereIsToldOf() {
        Named row = new RowArrays(GroupSql.WANTED).addRow();
        assertThatThrownBy(() -> row.set("nobody", null)).hasMessageContaining("nobody");
    }

    @Test
    void aColumnThatIsForgottenIsToldOf() {
        RowArrays rows = new RowArrays(GroupSql.WANTED);
        rows.addRow().set("owner", "ada").set("task", null);
        PreparedStatement lock = proxy(PreparedStatement.class, (method, arguments) -> null);
        assertThatThrownBy(() -> rows.bind(lock, 1)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource("statements")
    void parametersAreNumberedWithoutAGap(Sql sql) {
        assertThat(sql.parameters().stream().map(sql::number).toList())
                .containsExactlyInAnyOrderElementsOf(numbers(sql));
        assertThat(sql.text()).doesNotContainPattern(":[a-z]").doesNotContain("{");
    }

    @Test
    void aNameHasOneNumberWhereverItStands() {
        Sql sql = Sql.of("t", "update t set a = :seq, b = cast(:other as bigint), c = :seq where d = :id");

        assertThat(sql.text()).isEqualTo("update t set a = ?1, b = cast(?2 as bigint), c = ?1 where d = ?3");
        assertThat(sql.parameters()).containsExactlyInAnyOrder("seq", "other", "id");
    }

    @Test
    void aParameterThatIsNotThereIsToldOf() {
        assertThatThrownBy(() -> BookSql.LOCK.on(em).set("nobody", 1)).hasMessageContaining("nobody");
    }

    private static Set<Integer> numbers(Sql sql) {
        return numbers(sql.parameters().size());
    }

    private static Set<Integer> numbers(int most) {
        return IntStream.rangeClosed(1, most).collect(TreeSet::new, Set::add, Set::addAll);
    }

    /** Of a text that has no names. */
    private static int parameters(String text) {
        return (int) text.chars().filter(each -> each == '?').count();
    }

    private Query query(String name) {
        Set<Integer> set = bound.computeIfAbsent(name, each -> new TreeSet<>());
        return proxy(Query.class, (method, arguments) -> {
            assertThat(method).isEqualTo("setParameter");
            assertThat(set.add((Integer) arguments[0])).as("set once").isTrue();
            return null;
        });
    }

    private interface Call {
        @org.jspecify.annotations.Nullable
        Object of(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> call.of(method.getName(), arguments)));
    }
}
