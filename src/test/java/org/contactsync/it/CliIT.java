package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.MadeBooks;
import org.contactsync.contact.Uid;
import org.contactsync.it.CommandLine.Run;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.VcardReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built client against the running service: what a person pushes is there, and costs no more than it must. */
@ExtendWith(SharedServer.class)
class CliIT {
    private static final Path VCARDS = Path.of("src", "test", "resources", "vcards");
    private static final int MANY = 10_000;

    private final Device device;

    @TempDir
    private Path directory;

    private CommandLine cli = new CommandLine(Path.of("."), "", "");

    CliIT(LibertyServer server) {
        device = Device.ofNewUser(server);
    }

    @BeforeEach
    void makeCommandLine() {
        cli = new CommandLine(directory, device.server().uri("").toString(), device.token());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gmail-single.vcf",
                "john-doe-android.vcf",
                "john-doe-evolution.vcf",
                "john-doe-gmail.vcf",
                "john-doe-iphone.vcf",
                "rfc6350-example.vcf"
            })
    void pushesWhatAPhoneExported(String name) throws Exception {
        Path file = VCARDS.resolve(name);

        Run pushed = ok("push", file.toString());

        assertThat(pushed.out()).contains("Check code " + device.checkCode(), "sent in one request");
        assertThat(device.read().contacts()).isEqualTo(contacts(file)).isNotEmpty();
        assertThat(ok("push", file.toString()).out()).contains("nothing sent, 1 request,");
    }

    /** Ten thousand contacts go in chunks, again cost one request, and an edit sends only itself. */
    @Test
    void pushesALargeBookAndThenOnlyWhatHasChanged() throws Exception {
        Path file = directory.resolve("book.vcf");
        String book = MadeBooks.vcards(MadeBooks.seed(), MANY);
        Files.writeString(file, book);

        Run first = ok("push", file.toString());
        assertThat(first.out()).contains("added " + MANY, "sent in chunks", "Check code " + device.checkCode());
        assertThat(device.read().contacts()).isEqualTo(contacts(file));
        assertThat(device.book().number("seq")).isEqualTo(1);

        assertThat(ok("push", file.toString()).out()).contains("unchanged " + MANY, "nothing sent, 1 request,");

        Files.writeString(file, book.replaceFirst("FN:[^\r\n]+", "FN:Grace Hopper"));
        Run edited = ok("push", file.toString());
        assertThat(edited.out()).contains("added 0, changed 1, deleted 0", "sent in one request");
        assertThat(device.get("/v1/book/changes?since=1").is(200).array("changes"))
                .hasSize(1);
        assertThat(device.read().contacts()).isEqualTo(contacts(file));

        // another device adds one contact and changes one; the phone changes a third
        Device tablet = device.another("tablet");
        String theirs = device.read().uids().get(5);
        tablet.apply(new Changes().put("from the tablet", Changes.card("New")).put(theirs, Changes.card("Theirs")));
        Files.writeString(file, book.replaceFirst("FN:[^\r\n]+", "FN:Rear Admiral Hopper"));
        Run repaired = ok("push", file.toString());
        assertThat(repaired.out())
                .contains("changed 1, deleted 0", "1 contact was changed by another device", "sent in one request");
        TreeMap<Uid, CanonicalCard> expected = contacts(file);
        BookModel now = device.read();
        assertThat(now.contacts()).hasSize(MANY + 1).containsKey(new Uid("from the tablet"));
        expected.remove(new Uid(theirs));
        assertThat(now.contacts()).containsAllEntriesOf(expected);
        assertThat(now.checkCode()).isEqualTo(device.checkCode());

        Path pulled = directory.resolve("pulled.json");
        assertThat(ok("pull", "--output", pulled.toString()).err()).contains(MANY + 1 + " contacts");
        assertThat(ok("check-code", pulled.toString()).out().strip()).isEqualTo(device.checkCode());
        assertThat(ok("status").out()).contains("Contacts    " + (MANY + 1), device.checkCode());
    }

    /** 8.7: at most one chunk is sent twice. */
    @Test
    void goesOnWithAnUploadThatWasKilled() throws Exception {
        Path file = directory.resolve("book.vcf");
        Files.writeString(file, MadeBooks.vcards(MadeBooks.seed() + 1, MANY));
        Process process = cli.start("push", file.toString());
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> cli.err().contains("acknowledged") || !process.isAlive());
        process.destroyForcibly().waitFor();
        assertThat(process.exitValue()).as("killed before its end").isNotZero();
        assertThat(device.book().number("count")).isZero();
        String task = device.get("/v1/sync-tasks")
                .is(200)
                .array("tasks")
                .getJsonObject(0)
                .getString("id");

        Run again = ok("push", file.toString());

        assertThat(again.err()).contains("Continuing after ");
        assertThat(device.task(task).string("state")).isEqualTo("done");
        assertThat(device.read().contacts()).isEqualTo(contacts(file));
        assertThat(again.out()).contains("Check code " + device.checkCode());
    }

    @Test
    void asksBeforeItDeletesMostOfTheBook() throws Exception {
        Path file = directory.resolve("book.vcf");
        Files.writeString(file, MadeBooks.vcards(MadeBooks.seed(), 30));
        ok("push", file.toString());
        String code = device.checkCode();
        Files.writeString(file, MadeBooks.vcards(MadeBooks.seed(), 5));

        Run refused = cli.run("push", file.toString());

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("25 of the 30", "--confirm-deletes");
        assertThat(device.checkCode()).isEqualTo(code);
        ok("push", "--confirm-deletes", file.toString());
        assertThat(device.read().contacts()).isEqualTo(contacts(file));
    }

    @Test
    void saysWhatIsWrongAndHowItEnded() throws Exception {
        Path file = VCARDS.resolve("john-doe-iphone.vcf");
        Path garbage = Files.writeString(directory.resolve("garbage.vcf"), "this is no contact book");
        String url = device.server().uri("").toString();

        assertEnds(cli.run("push"), 2, "FILE");
        assertEnds(cli.run("no-such-command"), 2, "no-such-command");
        assertEnds(cli.run("push", directory.resolve("none.vcf").toString()), 4, "none.vcf");
        assertEnds(cli.run("push", garbage.toString()), 4, "");
        assertEnds(cli.run("push", "--server", "http://localhost:1", file.toString()), 3, "localhost");
        assertEnds(new CommandLine(directory, url, "").run("push", file.toString()), 5, "CONTACT_SYNC_TOKEN");
        assertEnds(new CommandLine(directory, url, "a.b.c").run("push", file.toString()), 5, "refused");
        assertThat(device.book().number("count")).isZero();
        Run help = ok("--help");
        assertThat(help.out()).contains("push", "pull", "status", "lookup", "check-code", "token", "Exit codes:");
        assertThat(ok("token", "--user", "ada").out().strip()).matches("[^.]+\\.[^.]+\\.[^.]+");
    }

    private static void assertEnds(Run run, int exitCode, String told) {
        assertThat(run.exitCode()).as("%s", run).isEqualTo(exitCode);
        assertThat(run.err()).isNotBlank().contains(told).doesNotContain("\tat ", "Exception in thread");
    }

    /** Protocol 4.20.1 and 4.21.1. */
    @Test
    void looksUpWhoseNumberThatIs() {
        device.apply(new Changes()
                .put(
                        "ada",
                        "{\"@type\":\"Card\",\"keywords\":{\"favourite\":true},\"name\":{\"full\":\"Zoë King\"},"
                                + "\"phones\":{\"k1\":{\"features\":{\"mobile\":true},\"number\":\"030 1234567\"}},"
                                + "\"version\":\"1.0\"}"));

        assertThat(ok("lookup", "--region", "DE", "+49 30 1234567", "201").out())
                .contains("+49301234567", "  Zoë King, mobile, favourite  ada", "201: nobody");
        assertThat(ok("lookup", "--name", "zoe", "k").out()).contains("  Zoë King, favourite  ada");
        assertThat(cli.run("lookup", "--region", "Germany", "1").exitCode()).isEqualTo(1);
    }

    /** Protocol 4.22.1 and 4.23.1. */
    @Test
    void showsDevicesAndErasesTheAccount() {
        device.apply(new Changes().put("ada", Changes.card("Ada")));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> ok("devices").out().contains("phone  2"));
        assertThat(ok("devices").out()).contains("seq 1").contains(device.checkCode());
        ok("devices", "--forget", "phone");
        assertEnds(cli.run("devices", "--forget", "phone"), 1, "no such device");

        assertEnds(cli.run("account", "erase"), 1, "--yes");
        assertThat(device.book().number("count")).isEqualTo(1);
        assertThat(ok("account", "erase", "--yes").out()).contains("Erased.");
        assertThat(device.book().number("count")).isZero();
    }

    /** Protocol 4.26.2. */
    @Test
    void takesTheAccountAlong() throws Exception {
        Path file = directory.resolve("account.zip");
        assertEnds(cli.run("account", "export", file.toString()), 1, "no account");
        assertThat(file).doesNotExist();
        assertEnds(cli.run("account", "export"), 2, "FILE");
        device.apply(new Changes().put("ada", Changes.card("Ada")));
        device.apply(new Changes().put("ada", Changes.card("Ada King")));

        assertThat(ok("account", "export", file.toString()).out()).contains("1 contact ", device.checkCode());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .contains("contacts.json", "contacts.vcf", "versions.json", "history.json", "manifest.json");
        }
        String before = Files.getLastModifiedTime(file).toString();
        CommandLine away = new CommandLine(directory, "http://localhost:1", "t");
        assertEnds(away.run("account", "export", file.toString()), 3, "localhost");
        assertThat(Files.getLastModifiedTime(file)).hasToString(before);
    }

    /** Protocol 4.24.1 and 4.25.1: out as each format and into another book, also more than one request may have. */
    @Test
    void exportsAndImportsFiles() throws Exception {
        Path phone = VCARDS.resolve("john-doe-iphone.vcf");
        assertThat(ok("import", phone.toString()).out()).contains("1 contact read, 1 added or changed, 0 not imported");
        assertThat(ok("import", phone.toString()).out()).contains("0 added or changed");
        String code = device.checkCode();
        for (String format : List.of("vcard", "vcard3", "jscontact")) {
            Path file = directory.resolve("export." + format);
            ok("export", "--format", format, "-o", file.toString());
            assertThat(ok("import", file.toString()).out()).as(format).contains("0 added or changed");
            assertThat(device.checkCode()).isEqualTo(code);
        }
        assertThat(ok("export").out()).startsWith("BEGIN:VCARD").contains("VERSION:4.0");

        String vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:%s\r\nEND:VCARD\r\n";
        Path large = Files.writeString(
                directory.resolve("large.vcf"),
                vcard.formatted("Max").repeat(600)
                        + IntStream.range(0, 600)
                                .mapToObj(i -> vcard.formatted("Person " + i))
                                .collect(Collectors.joining()));
        Run once = cli.run("import", large.toString());
        assertThat(once.out()).as("%s", once).contains("added or changed, 0 not imported");
        assertThat(device.book().number("count")).isEqualTo(1 + 1_200);
        for (String format : List.of("vcard", "vcard3", "jscontact")) {
            Path file = directory.resolve("large-export." + format);
            ok("export", "--format", format, "-o", file.toString());
            assertThat(ok("import", file.toString()).out())
                    .as(format)
                    .contains("1201 contacts read, 0 added or changed, 0 not imported");
        }
        Path largeFaulty = Files.writeString(
                directory.resolve("large-faulty.vcf"),
                Files.readString(large) + vcard.formatted("A").replace("END:VCARD\r\n", ""));
        Run mostly = cli.run("import", largeFaulty.toString());
        assertEnds(mostly, 1, "contact 1201: ");
        assertThat(mostly.out()).contains("1201 contacts read, 0 added or changed, 1 not imported");

        Path faulty = Files.writeString(
                directory.resolve("faulty.vcf"),
                vcard.formatted("A").replace("END:VCARD\r\n", "") + vcard.formatted("B"));
        Run partly = cli.run("import", faulty.toString());
        assertEnds(partly, 1, "contact 1: ");
        assertThat(partly.out()).contains("2 contacts read, 1 added or changed, 1 not imported");
        assertEnds(cli.run("import", directory.resolve("none.vcf").toString()), 4, "none.vcf");
    }

    /** Protocol 4.23.4. */
    @Test
    void asksBeforeAnErasedAccountIsFilledAgain() throws Exception {
        String phone = VCARDS.resolve("john-doe-iphone.vcf").toString();
        ok("push", phone);
        assertThat(device.delete("/v1/account").status()).isIn(202, 204);

        assertEnds(cli.run("push", phone), 1, "push with --begin-anew");
        assertThat(device.book().number("count")).isZero();

        assertThat(ok("push", "--begin-anew", phone).out()).contains("added 1");
        assertThat(device.book().number("count")).isEqualTo(1);
        assertThat(ok("push", phone).out()).contains("nothing sent, 1 request,");
    }

    /** Protocol 4.16.1, 4.18.2 and 4.19.4: also a restore that is an upload, which has to be waited for. */
    @Test
    void showsThePastAndBringsItBack() throws Exception {
        Path file = directory.resolve("book.vcf");
        Files.writeString(file, MadeBooks.vcards(MadeBooks.seed(), 2_500));
        ok("push", file.toString());
        String code = device.checkCode();
        String gone = device.read().uids().get(7);
        device.apply(new Changes().delete(gone));

        assertThat(ok("history").out()).contains("incremental", "initial", code);
        assertThat(ok("trash").out()).contains("  " + gone + "\n");
        ok("restore", gone);
        assertThat(device.checkCode()).isEqualTo(code);
        assertThat(ok("versions", gone).out()).contains("until seq");

        Files.writeString(file, "");
        ok("push", "--confirm-deletes", file.toString());
        assertThat(device.book().number("count")).isZero();
        assertThat(ok("restore", "--code", code, "--dry-run").out())
                .contains("2500 contacts added or changed, 0 deleted");
        assertEnds(cli.run("restore", "--code", code), 1, "--yes");
        assertThat(ok("restore", "--yes", "--code", code).out()).contains("2500 contacts, check code " + code);
        assertThat(device.checkCode()).isEqualTo(code);
        assertEnds(cli.run("restore", "--seq", "999999"), 1, "status 4");
    }

    /** The program brings its own SQLite. */
    @Test
    void keepsTwoFoldersTheSame() throws Exception {
        Path one = Files.createDirectory(directory.resolve("one"));
        Path two = directory.resolve("two");
        Files.writeString(one.resolve("book.vcf"), MadeBooks.vcards(MadeBooks.seed(), 1));

        assertThat(ok("sync", one.toString()).out()).contains("1 sent, 0 brought, 0 conflicts.", device.checkCode());
        assertThat(ok("sync", two.toString()).out()).contains("0 sent, 1 brought, 0 conflicts.");
        device.apply(new Changes().put("from the tablet", Changes.card("New")));
        Process watch = cli.start("watch", two.toString());
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> cli.out().contains("0 sent, 1 brought"));
            device.apply(new Changes().put("from the tablet", Changes.card("Newer")));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> cli.out().split("1 brought").length > 2);
        } finally {
            watch.destroy();
            watch.waitFor();
        }
        assertThat(cli.out()).as(cli.err()).endsWith("Ended. Nothing is unfinished.\n");
        assertThat(ok("queue").out()).isEqualTo("Nothing is unfinished.\n");
    }

    /** Ten thousand contacts in a folder, and what differs afterwards. */
    @Test
    void keepsAFolderAndFindsNothingWrong() throws Exception {
        Path file = directory.resolve("book.vcf");
        Files.writeString(file, MadeBooks.vcards(MadeBooks.seed(), MANY));
        ok("push", file.toString());
        Path folder = directory.resolve("contacts");

        assertThat(ok("pull", "--format", "vdir", "-o", folder.toString()).err())
                .contains(MANY + " contacts");
        assertThat(ok("diff", folder.toString()).out()).endsWith(MANY + " the same.\n");
        assertThat(ok("push", folder.toString()).out()).contains("unchanged " + MANY, "nothing sent");
        device.apply(new Changes().put("from the tablet", Changes.card("New")));
        Run differs = cli.run("diff", "--json", folder.toString());
        assertThat(differs.exitCode()).as("%s", differs).isEqualTo(1);
        assertThat(differs.out()).contains("\"removed\":[{\"uid\":\"from the tablet\"", "\"same\":" + MANY);
        assertThat(ok("doctor").out()).contains("in 1 of 256 parts", "Everything that was looked at is in order.");
    }

    private Run ok(String... arguments) {
        Run run = cli.run(arguments);
        assertThat(run.exitCode()).as("%s", run).isZero();
        return run;
    }

    private static TreeMap<Uid, CanonicalCard> contacts(Path file) throws Exception {
        TreeMap<Uid, CanonicalCard> contacts = new TreeMap<>();
        for (FoundContact contact : VcardReader.read(Files.readAllBytes(file)).contacts()) {
            contacts.put(contact.uid(), contact.card());
        }
        return contacts;
    }
}
