package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.settings.TokenIssuer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The tree of a large book is read from all its contacts once, and after a restart from the database; if that is damaged, from the contacts. */
class StoredTreeIT {
    private static final Duration MOST = Duration.ofMinutes(2);

    /** The smallest book whose tree is stored. */
    private static final int CONTACTS = 20_000;

    private static final int IN_CHUNK = 1_000;

    private final String user = "tree-" + UUID.randomUUID();
    private final Map<Integer, String> cards = new HashMap<>();

    @Test
    void aServerThatStartsAnswersFromTheStoredTree(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (LibertyServer server = LibertyServer.in(directory)
                .with("SCRUB_RATE", "0")
                .withDatabase("tree")
                .start()) {
            Device phone = Device.ofUser(server, user);
            upload(phone);
            assertTree(phone);
            assertReads(server, 1, 0);
            assertTree(phone);
            assertReads(server, 1, 0);
            awaitStored(server);
            change(phone, 1);
            server.stop();

            server.start();
            assertTree(phone);
            assertReads(server, 0, 1);
            change(phone, 2);
            assertTree(phone);
            assertReads(server, 0, 1);
            server.stop();

            damage(server);
            server.start();
            assertTree(phone);
            assertReads(server, 1, 0);
            assertThat(Figures.fresh(server).value("contactsync_tree_unfit_total"))
                    .isEqualTo(1);
            assertThat(Files.readString(server.log()))
                    .containsOnlyOnce("a stored digest tree was wrong, and is replaced: owner="
                            + new Owner(TokenIssuer.DEVELOPMENT_NAME, user).key());
            awaitStored(server);
        }
    }

    private void upload(Device phone) {
        String task = phone.opened("initial", CONTACTS / IN_CHUNK, CONTACTS);
        for (int i = 0; i < CONTACTS / IN_CHUNK; i++) {
            phone.chunk(task, i + 1, Changes.contacts(i * IN_CHUNK, (i + 1) * IN_CHUNK))
                    .is(200);
        }
        phone.commit(task).is(200);
        for (int i = 0; i < CONTACTS; i++) {
            cards.put(i, Changes.numbered(i));
        }
    }

    /** An overwrite, a deletion and an addition. */
    private void change(Device phone, int round) {
        String card = Changes.card("Changed " + round);
        phone.apply(new Changes()
                .put(Changes.uid(round), card)
                .delete(Changes.uid(100 + round))
                .put(Changes.uid(CONTACTS + round), card));
        cards.put(round, card);
        cards.remove(100 + round);
        cards.put(CONTACTS + round, card);
    }

    /** Three levels, as they are of what was sent. */
    private void assertTree(Device phone) {
        CheckCodes codes = new CheckCodes(phone.checkKey());
        DigestTree tree = new DigestTree();
        cards.forEach((n, card) -> {
            Uid uid = new Uid(Changes.uid(n));
            tree.add(
                    codes.position(uid),
                    codes.entry(
                            uid, codes.contentHash(CanonicalCard.ofTrusted(card.getBytes(StandardCharsets.UTF_8)))));
        });
        HttpAnswer answer = phone.get("/v1/book/digests?depth=3", "Accept", "application/octet-stream");
        assertThat(answer.status()).isEqualTo(200);
        StringBuilder expected = new StringBuilder();
        tree.nodes("", 3)
                .forEach((name, digest) -> expected.append(HexFormat.of().formatHex(codes.node(name, digest))));
        assertThat(HexFormat.of().formatHex(answer.body()).contentEquals(expected))
                .as("the nodes")
                .isTrue();
        assertThat(codes.checkCode(tree.total()).value()).isEqualTo(phone.checkCode());
    }

    /** How often the contacts, and how often the stored tree were read since the start. */
    private static void assertReads(LibertyServer server, long contacts, long stored) {
        Figures figures = Figures.fresh(server);
        assertThat(figures.treeReads("contacts")).as("contacts").isEqualTo(contacts);
        assertThat(figures.treeReads("stored")).as("stored").isEqualTo(stored);
    }

    /** Until the sweeper has had its turn. */
    private static void awaitStored(LibertyServer server) {
        await().atMost(MOST)
                .untilAsserted(() -> assertThat(Figures.of(server).value("contactsync_tree_stored_total"))
                        .isEqualTo(1));
    }

    private void damage(LibertyServer server) throws SQLException {
        try (Connection connection = TestDatabase.kind().equals("postgres")
                        ? TestDatabase.connect("contact_sync_tree")
                        : DriverManager.getConnection(
                                "jdbc:h2:file:" + server.data().resolve("h2").resolve("contact-sync")
                                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
                                "sa",
                                "");
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("update book_tree set seq = seq + 1"))
                    .isEqualTo(1);
        }
    }
}
