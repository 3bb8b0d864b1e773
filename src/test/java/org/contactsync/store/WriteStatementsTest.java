package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.contactsync.store.sql.BookSql;
import org.contactsync.store.sql.Sql;
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
        return IntStream.rangeClosed(1, sql.parameters().size()).collect(TreeSet::new, Set::add, Set::addAll);
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
