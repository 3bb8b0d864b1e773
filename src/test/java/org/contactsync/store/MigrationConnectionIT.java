package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.annotation.Resource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.contactsync.store.schema.SchemaMigration;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A migration may take longer than a statement of a request: its connections have other time limits, as the server configures them. */
class MigrationConnectionIT {
    private static final Path CONFIGURATION = Path.of("src/main/liberty/config/database-postgres.xml");

    /** Where it connects to, and how it is protected. */
    private static final List<String> TARGET =
            List.of("serverName", "portNumber", "databaseName", "user", "password", "sslMode", "sslRootCert");

    /** What a connection says of itself, with its time limits in milliseconds. */
    private record Limits(int socket, String statement, String idle, String lock) {}

    @Test
    void letsAMigrationTakeItsTime() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            assertThat(limits(postgres, "contactSync")).isEqualTo(new Limits(20_000, "18s", "30s", "10s"));
            assertThat(limits(postgres, "contactSyncMigration")).isEqualTo(new Limits(0, "0", "0", "10s"));
        }
    }

    @Test
    void migratesTheDatabaseThatTheServiceUses() throws Exception {
        Map<String, String> usual = properties("contactSync");
        Map<String, String> migration = properties("contactSyncMigration");

        assertThat(usual).containsKeys(TARGET.toArray(String[]::new));
        assertThat(migration).containsAllEntriesOf(targetOf(usual));
        assertThat(Stream.of(SchemaMigration.class.getDeclaredFields())
                        .filter(field -> field.isAnnotationPresent(Resource.class))
                        .map(field -> field.getAnnotation(Resource.class).lookup()))
                .contains("jdbc/contactSyncMigration");
    }

    private static Limits limits(EmbeddedPostgres postgres, String id) throws Exception {
        Map<String, String> properties = properties(id);
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(postgres.getJdbcUrl("postgres", "postgres"));
        source.setSocketTimeout(Integer.parseInt(properties.get("socketTimeout")));
        source.setOptions(properties.get("options"));
        try (Connection connection = source.getConnection()) {
            return new Limits(
                    connection.getNetworkTimeout(),
                    show(connection, "statement_timeout"),
                    show(connection, "idle_in_transaction_session_timeout"),
                    show(connection, "lock_timeout"));
        }
    }

    private static String show(Connection connection, String setting) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Map<String, String> targetOf(Map<String, String> properties) {
        Map<String, String> target = new TreeMap<>(properties);
        target.keySet().retainAll(TARGET);
        return target;
    }

    private static Map<String, String> properties(String id) throws Exception {
        Document configuration =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(CONFIGURATION.toFile());
        Element element = (Element) XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                        "/server/dataSource[@id='" + id + "']/properties.postgresql",
                        configuration,
                        XPathConstants.NODE);
        Map<String, String> properties = new TreeMap<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            properties.put(
                    element.getAttributes().item(i).getNodeName(),
                    element.getAttributes().item(i).getNodeValue());
        }
        return properties;
    }
}
