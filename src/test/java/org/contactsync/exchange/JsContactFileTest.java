package org.contactsync.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.junit.jupiter.api.Test;

/** Files of JSContact with faults. */
class JsContactFileTest {
    private static final String CARD =
            "{\"@type\":\"Card\",\"version\":\"1.0\",\"uid\":\"%s\",\"name\":{\"full\":\"%s\"}}";

    /** Protocol 4.25.5. */
    @Test
    void aCardAtFaultDoesNotStopTheOthers() {
        ImportedFile file = read("[" + CARD.formatted("a", "A") + ",7,{\"uid\":7},{\"@type\":\"Group\",\"uid\":\"g\"},"
                + "{\"uid\":\"n\",\"x\":null,\"y\":1.5}," + CARD.formatted("a", "other") + ","
                + CARD.formatted("b", "B") + "]");

        assertThat(file.changes()).extracting(change -> change.uid().value()).containsExactly("a", "b");
        assertThat(file.report().contacts()).isEqualTo(7);
        assertThat(file.report().refused()).isEqualTo(5);
        assertThat(file.report().flaws())
                .extracting(
                        ContactFlaw::index,
                        ContactFlaw::pointer,
                        flaw -> flaw.flaw().code())
                .containsExactly(
                        tuple(1, "", "wrong-type"),
                        tuple(2, "/uid", "wrong-type"),
                        tuple(3, "/@type", "wrong-type"),
                        tuple(4, "/x", "null-value"),
                        tuple(4, "/y", "not-an-integer"),
                        tuple(5, "/uid", "duplicate-uid"));
    }

    @Test
    void readsOneCardAndKeepsTheUidBesideIt() {
        ImportedFile file = read(CARD.formatted("a", "A"));

        assertThat(file.changes()).singleElement().satisfies(change -> {
            assertThat(change.uid().value()).isEqualTo("a");
            assertThat(new String(((Change.Put) change).card().utf8(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"@type\":\"Card\",\"name\":{\"full\":\"A\"},\"version\":\"1.0\"}");
        });
    }

    /** Protocol 4.25.4: as a vCard of the same name. */
    @Test
    void aCardWithoutUidGetsOneThatIsAlwaysTheSame() {
        String nameless = "{\"@type\":\"Card\",\"emails\":{\"k1\":{\"address\":\"a@example.com\"}}}";
        String named = "{\"name\":{\"full\":\"Ada King\"}}";
        List<String> uids = uids(read("[" + named + "," + named + "," + nameless + "]"));
        byte[] vcard = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada King\r\nEND:VCARD\r\n".getBytes(StandardCharsets.UTF_8);

        assertThat(uids).doesNotHaveDuplicates().allMatch(uid -> uid.startsWith("urn:uuid:"));
        assertThat(uids(read("[" + named + "," + named + "," + nameless + "]"))).isEqualTo(uids);
        assertThat(uids(VcardFile.read(vcard, Optional.empty(), 10)).get(0)).isEqualTo(uids.get(0));
    }

    @Test
    void refusesWhatIsNoSuchFile() {
        for (String text : List.of("7", "\"x\"", "null")) {
            assertRefused(text, ProblemType.MALFORMED_REQUEST);
        }
        for (String text : List.of("", "[", "{\"uid\":", "[{}]x", "[".repeat(100_000))) {
            assertRefused(text, ProblemType.MALFORMED_JSON);
        }
        assertRefused("[" + "{},".repeat(1_000) + "{}]", ProblemType.CONTENT_TOO_LARGE);
    }

    private static void assertRefused(String text, ProblemType type) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(type));
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    private static List<String> uids(ImportedFile file) {
        return file.changes().stream().map(change -> change.uid().value()).toList();
    }

    private static ImportedFile read(String json) {
        return JsContactFile.read(json.getBytes(StandardCharsets.UTF_8), 1_000);
    }
}
