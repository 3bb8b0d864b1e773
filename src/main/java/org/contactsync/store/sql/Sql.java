package org.contactsync.store.sql;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement whose parameters have names, such as {@code :owner}. Queries in SQL have numbers only: names become numbers here, once.
 * It is registered as a named query, so that the persistence provider translates it once too. Immutable.
 */
public final class Sql {
    private static final Pattern PARAMETER = Pattern.compile(":([a-z][A-Za-z]*)");

    private final String name;
    private final String text;
    private final Map<String, Integer> numbers;

    private Sql(String name, String text, Map<String, Integer> numbers) {
        this.name = name;
        this.text = text;
        this.numbers = numbers;
    }

    /** @param name that no other statement has */
    public static Sql of(String name, String text) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        Matcher parameter = PARAMETER.matcher(text.strip().replaceAll("\\s+", " "));
        String numbered = parameter.replaceAll(
                found -> "?" + numbers.computeIfAbsent(found.group(1), first -> numbers.size() + 1));
        return new Sql(name, numbered, Map.copyOf(numbers));
    }

    /** Makes statements known to a persistence unit; may be repeated. */
    public static void register(EntityManager em, List<Sql> statements) {
        EntityManagerFactory factory = em.getEntityManagerFactory();
        statements.forEach(sql -> factory.addNamedQuery(sql.name, em.createNativeQuery(sql.text)));
    }

    /** The statement, to be given its parameters; it must have been registered. */
    public Bound on(EntityManager em) {
        return new Bound(em.createNamedQuery(name));
    }

    public String name() {
        return name;
    }

    /** With numbers in the place of names, from 1. */
    public String text() {
        return text;
    }

    public Set<String> parameters() {
        return numbers.keySet();
    }

    /** @throws IllegalArgumentException when the statement has no such parameter */
    public int number(String parameter) {
        Integer number = numbers.get(parameter);
        if (number == null) {
            throw new IllegalArgumentException("no such parameter: statement=" + name + " parameter=" + parameter);
        }
        return number;
    }

    /** One execution of the statement. One thread at a time. */
    public final class Bound implements Named {
        private final Query query;

        private Bound(Query query) {
            this.query = query;
        }

        @Override
        public Bound set(String parameter, @Nullable Object value) {
            query.setParameter(number(parameter), value);
            return this;
        }

        public List<?> rows() {
            return query.getResultList();
        }

        /** How many rows it changed. */
        public int execute() {
            return query.executeUpdate();
        }
    }
}
