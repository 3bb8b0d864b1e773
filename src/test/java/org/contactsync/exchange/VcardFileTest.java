package org.contactsync.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.outcome.ImportReport.Note;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.junit.jupiter.api.Test;

/** Files of vCards with faults. */
class VcardFileTest {
    private static final int MOST = 1_000;

    /** Protocol 4.25.5: a card at fault is named, and the others are read. */
    @Test
    void aVcardAtFaultDoesNotStopTheOthers() {
        String huge = vcard("UID:huge", "FN:Huge", "NOTE:" + "x".repeat(300_000));
        String endless = vcard("UID:endless", "FN:Endless", "NOTE:" + "x".repeat(500_000));
        String many = vcard("UID:many", "FN:Many", "X-A:1\r\n".repeat(5_000) + "X-A:1");
        String cut = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:cut\r\nFN:Cut\r\n";

        ImportedFile file = read(good("a") + huge + good("b") + endless + cut + good("c") + many + good("d") + cut);

        assertThat(uids(file)).containsExactly("a", "b", "c", "d");
        assertThat(file.report().contacts()).isEqualTo(9);
        assertThat(file.report().refused()).isEqualTo(5);
        assertThat(file.report().flaws())
                .extracting(ContactFlaw::index, flaw -> flaw.flaw().code())
                .containsExactly(
                        tuple(1, "contact-too-large"),
                        tuple(3, "contact-too-large"),
                        tuple(4, "vcard-incomplete"),
                        tuple(6, "vcard-too-complex"),
                        tuple(8, "vcard-incomplete"));
        assertThat(file.report().flaws().get(0).uid()).contains("huge");
    }

    /** Protocol 4.25.6: a contact is taken without a picture that no card has room for, and the answer says so. */
    @Test
    void aPictureThatIsTooLargeIsLeftOut() {
        String lines = "PHOTO;ENCODING=b;TYPE=JPEG:/9j/"
                + "\r\n ".concat("A".repeat(74)).repeat(9_000);
        String inline = "PHOTO:data:image/jpeg;base64," + "A".repeat(300_000);

        ImportedFile file = read(vcard("UID:a", "FN:A", lines, "TEL:1") + vcard("UID:b", "FN:B", inline) + good("c"));

        assertThat(uids(file)).containsExactly("a", "b", "c");
        assertThat(file.report().flaws()).isEmpty();
        assertThat(file.report().notes())
                .containsExactly(
                        new Note(0, Optional.of("a"), "without-media"), new Note(1, Optional.of("b"), "without-media"));
        assertThat(text(file, 0)).contains("\"number\":\"1\"").doesNotContain("media");
    }

    /** Lines of Base64 that somebody forgot to indent belong to the picture. */
    @Test
    void aPictureWhoseLinesAreNotIndentedIsOneProperty() {
        String photo = "PHOTO;ENCODING=BASE64;JPEG:/9j/\r\n"
                + ("A".repeat(76) + "\r\n").repeat(9_000).stripTrailing();

        ImportedFile file = read(vcard("UID:a", "FN:A", photo, "TEL:1"));

        assertThat(file.report().notes()).containsExactly(new Note(0, Optional.of("a"), "without-media"));
        assertThat(text(file, 0)).contains("\"number\":\"1\"");
    }

    /** Protocol 4.25.3. */
    @Test
    void readsCharsetsAndQuotedPrintable() {
        String old =
                "BEGIN:VCARD\r\nVERSION:2.1\r\nUID:q\r\nFN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=FCrgen =\r\n"
                        + "Stra=DFe\r\nEND:VCARD\r\n";
        assertThat(text(read(old), 0)).contains("Jürgen Straße");

        byte[] cyrillic = vcard("UID:c", "FN:Иван Петров").getBytes(Charset.forName("windows-1251"));
        ImportedFile named = VcardFile.read(cyrillic, Optional.of(Charset.forName("windows-1251")), MOST);
        assertThat(text(named, 0)).contains("Иван Петров");
        assertThat(VcardFile.read(cyrillic, Optional.of(StandardCharsets.UTF_8), MOST)
                        .report()
                        .flaws())
                .extracting(flaw -> flaw.flaw().code())
                .containsExactly("vcard-unreadable");

        byte[] wide = vcard("UID:w", "FN:刘刚").getBytes(StandardCharsets.UTF_16);
        assertThat(text(VcardFile.read(wide, Optional.empty(), MOST), 0)).contains("刘刚");

        ImportedFile western =
                VcardFile.read(vcard("UID:l", "FN:Zoë").getBytes(StandardCharsets.ISO_8859_1), Optional.empty(), MOST);
        assertThat(text(western, 0)).contains("Zoë");
        assertThat(western.report().notes()).containsExactly(new Note(0, Optional.of("l"), "charset-guessed"));
    }

    @Test
    void anAgentIsPartOfItsVcard() {
        ImportedFile file =
                read("BEGIN:VCARD\r\nVERSION:2.1\r\nUID:a\r\nN:A\r\nAGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\n"
                        + "N:Agent\r\nEND:VCARD\r\nTEL:1\r\nEND:VCARD\r\n" + good("b"));

        assertThat(uids(file)).containsExactly("a", "b");
        assertThat(text(file, 0)).contains("\"number\":\"1\"");
    }

    @Test
    void agentsWithinAgentsAreBounded() {
        String deep = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:A\r\nAGENT:\r\n".repeat(2_000) + "END:VCARD\r\n".repeat(2_000);

        ImportedFile file = read(deep + good("b"));

        assertThat(uids(file)).containsExactly("b");
        assertThat(file.report().flaws()).extracting(flaw -> flaw.flaw().code()).containsExactly("vcard-too-complex");
    }

    @Test
    void oneUidTwiceIsTwoContactsUnlessTheyAreTheSame() {
        ImportedFile file = read(vcard("UID:a", "FN:A") + vcard("UID:a", "FN:A") + vcard("UID:a", "FN:Other"));

        assertThat(file.changes()).hasSize(2);
        assertThat(file.report().notes())
                .extracting(Note::index, Note::code)
                .containsExactly(tuple(1, "same-twice"), tuple(2, "uid-taken"));
    }

    /** Protocol 4.25.4. */
    @Test
    void namesTheContactsThatHaveNoUid() {
        ImportedFile file = read(good("a") + vcard("FN:B") + vcard("FN:B") + vcard("UID:" + "x".repeat(2_000), "FN:C"));

        assertThat(file.changes()).hasSize(4);
        assertThat(file.made().values()).containsExactlyInAnyOrder(1, 2);
        assertThat(uids(file))
                .containsAll(file.made().keySet().stream().map(Uid::value).toList());
    }

    @Test
    void refusesWhatIsNoFileOfVcards() {
        for (String text : List.of("", "hello", "\r\n\r\n", "END:VCARD\r\n")) {
            assertRefused(() -> read(text), ProblemType.MALFORMED_REQUEST);
        }
        assertRefused(() -> read(good("a").repeat(MOST + 1)), ProblemType.CONTENT_TOO_LARGE);
    }

    /** Structured values, parameters and folds that are cheap to send. */
    @Test
    void cheapBytesTakeLittleTime() {
        List<String> bombs = List.of(
                "N:" + ";".repeat(350_000),
                "N:" + ",".repeat(350_000),
                "CATEGORIES:" + "a,".repeat(170_000),
                "CATEGORIES:" + "\\,".repeat(350_000),
                "N:" + "\\;".repeat(350_000),
                "ORG:" + ";".repeat(350_000),
                "TEL" + ";A=1".repeat(80_000) + ":1",
                "TEL" + "\r\n ;A=1".repeat(40_000) + ":1",
                "FN" + ";CHARSET=".repeat(30_000) + ":x",
                "NOTE;ENCODING=QUOTED-PRINTABLE:" + "=\r\n".repeat(100_000),
                "NOTE:" + "\r\n ".repeat(110_000),
                "\r\n".repeat(150_000),
                "JSPROP;JSPTR=a" + "/a".repeat(100_000) + ":1",
                "JSPROP;JSPTR=a:" + "[".repeat(300_000),
                ("JSPROP;JSPTR=a/" + "b".repeat(50) + ":{\"x\":[1]}\r\n")
                        .repeat(3_500)
                        .stripTrailing(),
                "JSPROP;JSPTR=x:{"
                        + IntStream.range(0, 25_000)
                                .mapToObj(i -> "\"k%04x\":1".formatted(i))
                                .collect(Collectors.joining(","))
                        + "}"
                        + "\r\nJSPROP;JSPTR=x/aaaa:1".repeat(3_900));
        for (String bomb : bombs) {
            long start = processorNanos();
            ImportedFile file = read(vcard("UID:a", "FN:A", bomb) + good("b"));
            assertThat((processorNanos() - start) / 1_000_000)
                    .as(bomb.substring(0, 20))
                    .isLessThan(5_000);
            assertThat(uids(file)).as(bomb.substring(0, 20)).contains("b");
        }
    }

    /** Of this thread: what others do on the machine does not count. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void assertRefused(Runnable reading, ProblemType type) {
        assertThatThrownBy(reading::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(type));
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    private static ImportedFile read(String file) {
        return VcardFile.read(file.getBytes(StandardCharsets.UTF_8), Optional.empty(), MOST);
    }

    private static List<String> uids(ImportedFile file) {
        return file.changes().stream().map(change -> change.uid().value()).toList();
    }

    private static String text(ImportedFile file, int index) {
        return new String(((Change.Put) file.changes().get(index)).card().utf8(), StandardCharsets.UTF_8);
    }

    private static String good(String uid) {
        return vcard("UID:" + uid, "FN:" + uid);
    }

    private static String vcard(String... lines) {
        return "BEGIN:VCARD\r\nVERSION:4.0\r\n" + String.join("\r\n", lines) + "\r\nEND:VCARD\r\n";
    }
}
