package org.contactsync.client.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.FakeServer;
import org.contactsync.client.addressbook.Edit;
import org.contactsync.client.addressbook.VdirAddressBook;
import org.contactsync.contact.Uid;
import org.contactsync.it.Seed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Protocol 7.3 and 11.3: a process with the library is killed at each step and at random instants; the next one goes on, and in the end phone and
 * server have the same contacts, each once, with every edit. {@code -Dkill.seed}, {@code -Dkill.times} repeat and lengthen it.
 */
class KilledProcessTest {
    private static final int TIMES = Integer.getInteger("kill.times", 4);

    @TempDir
    Path files;

    private final Random random = new Random(seed());
    private final Map<Uid, CanonicalCard> expected = new TreeMap<>();
    private FakeServer server;
    private VdirAddressBook phone;
    private int made;

    private static long seed() {
        long seed = Seed.of("kill.seed");
        System.out.println("KilledProcessTest seed " + seed + " (-Dkill.seed=" + seed + ")");
        return seed;
    }

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        phone = new VdirAddressBook(files.resolve("phone"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void killedAtAnyMomentNothingIsLostOrDoubled() throws Exception {
        for (Step step : Step.values()) {
            edit();
            run(step.name(), Long.MAX_VALUE);
        }
        for (int i = 0; i < TIMES; i++) {
            edit();
            run("", 200 + random.nextInt(1_500));
        }

        assertThat(run("", Long.MAX_VALUE)).contains("Agreed", "unfinished=0");

        assertThat(server.book()).isEqualTo(expected);
        assertThat(phone.changesSince(Optional.empty()).contacts()).isEqualTo(expected);
    }

    /** A contact here, one there, and one that both sides have gets an edit from one of them. */
    private void edit() throws IOException {
        phone.write(List.of(new Edit.Add(uid(), made("here"))));
        expected.put(uid(), made("here"));
        made++;
        server.put(uid(), made("there"));
        expected.put(uid(), made("there"));
        made++;
        List<Uid> both = new ArrayList<>(server.book().keySet());
        both.retainAll(phone.changesSince(Optional.empty()).contacts().keySet());
        if (!both.isEmpty()) {
            Uid uid = both.get(random.nextInt(both.size()));
            CanonicalCard before = requireNonNull(
                    phone.changesSince(Optional.empty()).contacts().get(uid));
            Optional<CanonicalCard> same = Optional.of(before);
            boolean isSame = same.equals(Optional.ofNullable(server.book().get(uid)))
                    && same.equals(Optional.ofNullable(expected.get(uid)));
            if (isSame) {
                phone.write(List.of(new Edit.Change(uid, before, made("edited"))));
                expected.put(uid, made("edited"));
            }
        }
    }

    private Uid uid() {
        return new Uid("contact-" + made);
    }

    private CanonicalCard made(String where) {
        return SyncTaskTest.card("{'@type':'Card','version':'1.0','name':{'full':'" + where + " " + made + "'}}");
    }

    private String run(String step, long millis) throws Exception {
        Path out = files.resolve("out.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledDevice.class.getName(),
                        server.account().server().toString(),
                        files.resolve("phone").toString(),
                        files.resolve("state").toString(),
                        step)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(Math.min(millis, 120_000), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
