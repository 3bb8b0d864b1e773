package org.contactsync.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.contactsync.store.schema.Dialect;
import org.contactsync.store.schema.SchemaMigration;
import org.h2.jdbcx.JdbcDataSource;

/** A process that makes the tables of an embedded database and ends, as by {@code kill -9}, at the n-th statement. */
final class CutOffStart {
    static final int CUT_OFF = 7;

    private CutOffStart() {}

    /** @param arguments the directory of the database; the number of statements that are still executed */
    public static void main(String[] arguments) {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
        new SchemaMigration(counting(DataSource.class, database(Path.of(arguments[0])), left)).migrate(Dialect.H2);
    }

    /** As in {@code database-h2.xml}. */
    static JdbcDataSource database(Path directory) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(
                "jdbc:h2:file:" + directory.resolve("contact-sync")
                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
        source.setUser("sa");
        source.setPassword("");
        return source;
    }

    private static <T> T counting(Class<T> type, Object real, AtomicInteger left) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
                    if (method.getName().startsWith("execute") && left.getAndDecrement() == 0) {
                        Runtime.getRuntime().halt(CUT_OFF);
                    }
                    try {
                        Object result = method.invoke(real, values);
                        Class<?> returned = method.getReturnType();
                        boolean counted = returned == Connection.class || Statement.class.isAssignableFrom(returned);
                        return counted && result != null ? counting(returned, result, left) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
