package org.contactsync.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.RepairMeter.Repaired;
import org.contactsync.client.http.Account;
import org.contactsync.contact.Uid;
import org.contactsync.it.Seed;
import org.contactsync.protocol.DeviceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What repairs cost at the socket, whatever history made them necessary (protocol §10). Prints every figure. */
@SuppressWarnings("NullAway.Init") // made before each test
class RepairCostTest {
    private static final String TOKEN = "t".repeat(700);

    private final long seed = Seed.of("repair.seed");
    private final Random random = new Random(seed);
    private final TreeMap<Uid, CanonicalCard> phone = new TreeMap<>();

    @TempDir
    private Path states;

    private FakeServer server;
    private RepairMeter meter;

    @BeforeEach
    void start() throws IOException {
        System.out.println("repair.seed=" + seed);
        server = new FakeServer();
        server.giveLargePages();
        meter = new RepairMeter(
                new Account(server.account().server(), TOKEN, Optional.of(new DeviceId("phone-of-ada"))));
    }

    @AfterEach
    void stop() {
        meter.close();
        server.close();
    }

    /** Protocol 10.6: ten differences in 10,000 contacts cost at most 4 requests and 20 KB. */
    @ParameterizedTest
    @CsvSource({
        "100, 10, 3, 10000",
        "1000, 1, 3, 12000",
        "1000, 10, 3, 13000",
        "1000, 100, 4, 40000",
        "10000, 1, 4, 13000",
        "10000, 10, 4, 20000",
        "10000, 100, 5, 80000"
    })
    void findsWhatDiffersAfterTheFeedExpired(int contacts, int differences, int mostRequests, long mostBytes)
            throws Exception {
        agreeOn(contacts);
        server.forgetChanges();
        changeOnServer(differences);
        phone.put(newUid(), card());

        Repaired repaired = repair(contacts + " contacts, " + differences + " differences, feed expired");

        assertThat(repaired.repair().requests()).isLessThanOrEqualTo(mostRequests);
        assertThat(repaired.repair().bytes()).isLessThanOrEqualTo(mostBytes);
    }

    @ParameterizedTest
    @CsvSource({"1000, 10, 3, 13000", "10000, 10, 4, 20000"})
    void findsWhatDiffersWithoutAStateOfItsOwn(int contacts, int differences, int mostRequests, long mostBytes)
            throws Exception {
        agreeOn(contacts);
        changeOnServer(differences);
        states = states.resolve("another");

        Repaired repaired = repair(contacts + " contacts, " + differences + " differences, state lost");

        assertThat(repaired.repair().requests()).isLessThanOrEqualTo(mostRequests);
        assertThat(repaired.repair().bytes()).isLessThanOrEqualTo(mostBytes);
        assertThat(repaired.summary().deleted()).isZero();
    }

    @Test
    void needsOneLookWhenThePhoneHasJustTheServersBook() throws Exception {
        agreeOn(1_000);
        states = states.resolve("another");

        Repaired repaired = repair("1000 contacts, no difference, state lost");

        assertThat(repaired.repair().requests()).isEqualTo(1);
        assertThat(repaired.push().requests()).isEqualTo(1);
    }

    /** A phone that was set back, with its state: what others and it itself did since is on the server, and stays. */
    @Test
    void aPhoneThatWasSetBackGetsNothingDeleted() throws Exception {
        agreeOn(1_000);
        Path before = states.resolve("before");
        TreeMap<Uid, CanonicalCard> old = new TreeMap<>(phone);
        copyState(states, before);
        List<Uid> uids = shuffled();
        for (Uid uid : uids.subList(0, 5)) {
            phone.put(uid, card());
            phone.put(new Uid("later " + uid.value()), card());
        }
        push();
        var onServer = server.book();
        phone.clear();
        phone.putAll(old);
        copyState(before, states);
        server.forgetChanges();

        Repaired repaired = repair("1000 contacts, phone and state set back, feed expired");

        assertThat(repaired.repair().requests()).isLessThanOrEqualTo(3);
        assertThat(server.book()).isEqualTo(onServer);
        assertThat(repaired.summary().theirs()).hasSize(5);
        assertThat(repaired.summary().unknown()).isEqualTo(5);
    }

    @Test
    void aServerThatWasSetBackGetsAgainWhatItLost() throws Exception {
        agreeOn(1_000);
        FakeServer.Backup backup = server.backup();
        for (Uid uid : shuffled().subList(0, 10)) {
            phone.put(uid, card());
        }
        push();
        server.restore(backup);

        Repaired repaired = repair("1000 contacts, server set back by 10 changes");

        assertThat(repaired.repair().requests()).isLessThanOrEqualTo(3);
        assertThat(repaired.summary().conflicts()).isEmpty();
        assertThat(server.book()).isEqualTo(phone);
    }

    @Test
    void aServerThatWasSetBackAndHasAnotherKeyGetsAgainWhatItLost() throws Exception {
        agreeOn(300);
        FakeServer.Backup backup = server.backup();
        for (Uid uid : shuffled().subList(0, 10)) {
            phone.put(uid, card());
        }
        push();
        server.restore(backup);
        server.changeKey();

        Repaired repaired = repair("300 contacts, server set back by 10 changes, another key");

        assertThat(repaired.repair().requests()).isLessThanOrEqualTo(3);
        assertThat(repaired.repair().bytes()).isLessThan(20_000);
        assertThat(server.book()).isEqualTo(phone);
    }

    /** A state that is older than the phone's book: what the phone has is not asked for. */
    @Test
    void aStateThatWasSetBackCostsNoMoreThanWhatDiffersFromThePhone() throws Exception {
        agreeOn(1_000);
        Path before = states.resolve("before");
        copyState(states, before);
        for (Uid uid : shuffled().subList(0, 200)) {
            phone.put(uid, card());
        }
        push();
        copyState(before, states);
        server.forgetChanges();

        Repaired repaired = repair("1000 contacts, state set back by 200 changes, feed expired");

        assertThat(repaired.repair().requests()).isLessThanOrEqualTo(3);
        assertThat(repaired.repair().bytes()).isLessThan(15_000);
        assertThat(server.book()).isEqualTo(phone);
    }

    /** Protocol 10.7: shortened hashes may be the same by chance, or by somebody's will; the check code shows it. */
    @Test
    void believesShortenedHashesOnlyIfTheCheckCodeIsRight() throws Exception {
        agreeOn(1_000);
        server.forgetChanges();
        changeOnServer(100);
        server.shortenHashesAsOf(phone);

        repair("1000 contacts, 100 differences, shortened hashes that mislead");

        assertThat(server.takeQueries().stream().filter(query -> query.contains("hash=")))
                .as("asked once, in the repair and in the push")
                .hasSize(2);
    }

    @Test
    void worksWithAServerOfTheVersionBefore() throws Exception {
        server.actAsEarlierVersion();
        agreeOn(2_000);
        server.forgetChanges();
        changeOnServer(100);

        Repaired repaired = repair("2000 contacts, 100 differences, server of the version before");

        assertThat(server.takeRequests()).contains("GET /v1/book/digests", "GET /v1/book/digests/entries");
        assertThat(repaired.summary().checkCode()).isEqualTo(server.checkCode());
    }

    private void agreeOn(int contacts) throws Exception {
        MadeBooks.contacts(seed, contacts).forEach(contact -> phone.put(contact.uid(), contact.card()));
        server.putAll(phone);
        push();
        server.takeRequests();
    }

    /** Edits, additions and deletions of another device that this one is not told of. */
    private void changeOnServer(int differences) {
        List<Uid> uids = shuffled();
        for (int i = 0; i < differences; i++) {
            switch (i % 5) {
                case 3 -> server.put(newUid(), card());
                case 4 -> server.delete(uids.get(i));
                default -> server.put(uids.get(i), card());
            }
        }
    }

    private Uid newUid() {
        return new Uid("urn:uuid:" + new UUID(random.nextLong(), random.nextLong()));
    }

    private List<Uid> shuffled() {
        List<Uid> uids = new ArrayList<>(phone.keySet());
        Collections.shuffle(uids, random);
        return uids;
    }

    private Repaired repair(String what) throws Exception {
        Repaired repaired = meter.repair(phone, states);
        System.out.println("repair: " + what + ": " + repaired.repair() + "; with the push: " + repaired.push());
        assertThat(repaired.summary().checkCode()).as("seed %d", seed).isEqualTo(server.checkCode());
        return repaired;
    }

    private void push() throws Exception {
        meter.push(phone, states);
    }

    /** The client's state as it is now; nothing else stands in that directory but its lock. */
    private static void copyState(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private CanonicalCard card() {
        return CanonicalCard.ofTrusted(
                ("{\"@type\":\"Card\",\"name\":{\"full\":\"Card " + random.nextLong() + "\"},\"version\":\"1.0\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
