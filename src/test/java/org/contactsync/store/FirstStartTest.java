package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.contactsync.store.schema.DatabaseDoor;
import org.contactsync.store.schema.DatabaseRefuses;
import org.contactsync.store.schema.Dialect;
import org.contactsync.store.schema.SchemaMigration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first start on an embedded database that was killed begins anew; a database with data is left alone. */
class FirstStartTest {
    private static final int MINUTES = 2;

    @TempDir
    private Path directory;

    /** One after the other on the same files: what one left is what the next one finds. */
    @Test
    void beginsAnewAfterBeingKilledAtAnyStatement() throws Exception {
        for (int statements : List.of(3, 14, 21, 28, 45)) {
            assertThat(run(statements)).as("statements " + statements).isEqualTo(CutOffStart.CUT_OFF);
        }
        assertThat(run(Integer.MAX_VALUE)).isZero();
        assertThat(answer("select count(*) from flyway_schema_history where not success"))
                .isZero();
        assertThat(answer("select count(*) from book")).isZero();
    }

    @Test
    void leavesADatabaseWithABookAlone() throws Exception {
        new SchemaMigration(database()).migrate(Dialect.H2);
        execute("insert into book (owner_key, issuer, subject, check_key, generation, last_generation, contact_count,"
                + " entry_sum, seq, changes_from, open_tasks, revision)"
                + " values ('o', 'i', 's', x'00', 1, 1, 0, x'00', 0, 0, 0, 0)");
        execute("update flyway_schema_history set success = false where version = '2'");
        assertThatThrownBy(() -> new SchemaMigration(database()).migrate(Dialect.H2))
                .isInstanceOf(org.flywaydb.core.api.FlywayException.class);
        assertThat(answer("select count(*) from book")).isOne();
    }

    @Test
    void beginsAnewAfterAFailedMigrationWithoutData() throws Exception {
        new SchemaMigration(database()).migrate(Dialect.H2);
        execute("update flyway_schema_history set success = false where version = '2'");
        new SchemaMigration(database()).migrate(Dialect.H2);
        assertThat(answer("select count(*) from flyway_schema_history where not success"))
                .isZero();
    }

    /** An update that is rolled back: the schema stays that of the newer version. */
    @Test
    void startsOnTheSchemaOfANewerVersion() throws Exception {
        String own = new SchemaMigration(database()).migrate(Dialect.H2);
        execute("insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                + " installed_by, execution_time, success)"
                + " values (999, '999', 'newer', 'SQL', 'V999__newer.sql', 1, 'test', 1, true)");
        execute("alter table book add column of_a_newer_version bigint");

        assertThat(new SchemaMigration(database()).migrate(Dialect.H2))
                .isEqualTo("999")
                .isNotEqualTo(own);
        assertThat(answer("select count(of_a_newer_version) from book")).isZero();
    }

    @Test
    void doesNotWaitForADatabaseThatRefuses() throws Exception {
        new SchemaMigration(database()).migrate(Dialect.H2);
        var stranger = CutOffStart.database(directory);
        stranger.setPassword("another");
        long begin = System.nanoTime();
        assertThatThrownBy(() -> new DatabaseDoor(stranger, Duration.ofMinutes(1)).await())
                .isInstanceOf(DatabaseRefuses.class)
                .hasMessageContaining("DB_USER may not connect");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }

    private int run(int statements) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CutOffStart.class.getName(),
                        directory.toString(),
                        Integer.toString(statements))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(directory.toFile(), "output.log")))
                .start();
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private DataSource database() {
        return CutOffStart.database(directory);
    }

    private void execute(String statement) throws Exception {
        try (Connection connection = database().getConnection();
                Statement made = connection.createStatement()) {
            made.execute(statement);
        }
    }

    private int answer(String question) throws Exception {
        try (Connection connection = database().getConnection();
                Statement made = connection.createStatement();
                ResultSet row = made.executeQuery(question)) {
            row.next();
            return row.getInt(1);
        }
    }
}
