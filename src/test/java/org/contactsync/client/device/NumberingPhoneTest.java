package org.contactsync.client.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.FakeServer;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.local.ConflictCopy;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Phones that name contacts and numbers in their own way, and show less than they are given. */
class NumberingPhoneTest {
    private static final String ADA = "{'name':{'full':'Ada'},'phones':{'k1':{'number':'1'}}}";
    private static final String GRACE = "{'name':{'full':'Grace'},'phones':{'k1':{'number':'2'}}}";
    private static final String MARY = "{'name':{'full':'Mary'},'phones':{'k1':{'number':'3'}}}";
    private static final String TWO_PHONES =
            "{'name':{'full':'Ada'},'notes':{'n':{'note':'x'}},'phones':{'home':{'contexts':{'private':true},'number':'+44 1'},"
                    + "'office':{'number':'+44 2'}}}";
    private static final Uid ON_SERVER = new Uid("ada");

    @TempDir
    Path files;

    private final NumberingPhone phone = new NumberingPhone();
    private final NumberingPhone second = new NumberingPhone();
    private FakeServer server;
    private Device one;
    private Device other;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        one = new Device(server.account(), "phone", phone, files.resolve("phone.db"));
        other = new Device(server.account(), "second", second, files.resolve("second.db"));
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        server.close();
    }

    @Test
    void twoPhonesThatUseTheSameNumbersKeepAllPeople() throws Exception {
        phone.add(ADA);
        phone.add(GRACE);
        second.add(GRACE); // 1, as Ada is on the first phone
        second.add(MARY);

        one.sync();
        assertThat(other.sync().isAgreed()).isTrue();
        one.sync();

        assertThat(names(server.book())).containsExactlyInAnyOrder("Ada", "Grace", "Mary");
        assertThat(names(phone.contacts())).containsExactlyInAnyOrder("Ada", "Grace", "Mary");
        assertThat(names(second.contacts())).containsExactlyInAnyOrder("Ada", "Grace", "Mary");
        assertThat(one.database.conflicts().all()).isEmpty();
        assertThat(other.database.conflicts().all()).isEmpty();
    }

    @Test
    void namesakesWithOtherNumbersAreTwoPeople() throws Exception {
        phone.add(ADA);
        second.add("{'name':{'full':'Ada'},'phones':{'k1':{'number':'9'}}}");

        one.sync();
        other.sync();
        one.sync();

        assertThat(server.book()).hasSize(2);
        assertThat(names(phone.contacts())).containsExactly("Ada", "Ada");
        assertThat(phone.contacts().values())
                .containsExactlyInAnyOrderElementsOf(second.contacts().values());
    }

    @Test
    void aNumberThatIsUsedOnBothPhonesAfterTheFirstAgreementIsTwoPeople() throws Exception {
        phone.add(ADA);
        one.sync();
        other.sync();
        phone.add(GRACE);
        second.add(MARY);

        one.sync();
        other.sync();
        one.sync();

        assertThat(names(server.book())).containsExactlyInAnyOrder("Ada", "Grace", "Mary");
        assertThat(names(phone.contacts())).containsExactlyInAnyOrder("Ada", "Grace", "Mary");
    }

    /** A book that takes the names that it is given, and has one of them already. */
    @Test
    void anotherPersonIsAddedBesideOneOfTheSameName() throws Exception {
        MemoryAddressBook tablet = new MemoryAddressBook();
        tablet.put(new Uid("1"), SyncTaskTest.card(MARY));
        phone.add(ADA);
        one.sync();
        try (Device third = new Device(server.account(), "tablet", tablet, files.resolve("tablet.db"))) {
            assertThat(third.sync().isAgreed()).isTrue();
            assertThat(names(tablet.contacts())).containsExactlyInAnyOrder("Ada", "Mary");
            assertThat(third.sync().brought()).isZero();
        }
        assertThat(names(server.book())).containsExactlyInAnyOrder("Ada", "Mary");
    }

    @Test
    void aNumberThatBecomesFreeInTheMiddleIsAnotherPersonsThen() throws Exception {
        Uid ada = phone.add(ADA);
        phone.add(MARY);
        one.sync();
        server.put(new Uid("grace"), SyncTaskTest.card(GRACE));
        one.onStep = step -> {
            if (step == Step.SERVER_TAKEN_IN) {
                phone.remove(ada);
            }
        };

        one.sync();
        one.onStep = step -> {};
        assertThat(one.sync().isAgreed()).isTrue();

        assertThat(names(phone.contacts())).containsExactlyInAnyOrder("Grace", "Mary");
        assertThat(names(server.book())).containsExactlyInAnyOrder("Grace", "Mary");
    }

    @Test
    void aStateThatWasRestoredOnAnotherPhoneDeletesAndMergesNobody() throws Exception {
        phone.as("old phone").add(ADA);
        phone.add(GRACE);
        one.sync();
        one.close();
        NumberingPhone another = new NumberingPhone().as("new phone");
        another.add(MARY);

        try (Device restored = new Device(server.account(), "phone", another, files.resolve("phone.db"))) {
            assertThat(restored.sync().isAgreed()).isTrue();

            assertThat(names(server.book())).containsExactlyInAnyOrder("Ada", "Grace", "Mary");
            assertThat(names(another.contacts())).containsExactlyInAnyOrder("Ada", "Grace", "Mary");
            assertThat(restored.sync().sent()).isZero();
        }
    }

    @Test
    void whatTheOldPhoneHadYetToSendIsNotLost() throws Exception {
        Uid ada = phone.as("old phone").add(ADA);
        one.sync();
        phone.edit(ada, "{'name':{'full':'Ada King'},'phones':{'k1':{'number':'1'}}}");
        phone.add(GRACE);
        server.swallow((request, times) -> request.startsWith("PATCH"));
        assertThatThrownBy(one::sync).isInstanceOf(Exception.class);
        server.swallow((request, times) -> false);
        one.close();

        NumberingPhone another = new NumberingPhone().as("new phone");
        try (Device restored = new Device(server.account(), "phone", another, files.resolve("phone.db"))) {
            restored.sync();

            assertThat(names(server.book())).containsExactlyInAnyOrder("Ada", "Grace");
            assertThat(names(another.contacts())).containsExactlyInAnyOrder("Ada", "Grace");
            assertThat(restored.database.conflicts().all())
                    .extracting(ConflictCopy::card)
                    .extracting(NumberingPhoneTest::name)
                    .containsExactly("Ada King");
        }
    }

    @Test
    void numbersThatThePhoneCallsOtherwiseAreEditedAndDeletedWhereTheyAre() throws Exception {
        server.put(ON_SERVER, SyncTaskTest.card(TWO_PHONES));
        one.sync();
        Uid ada = phone.contacts().keySet().iterator().next();

        phone.edit(ada, "{'name':{'full':'Ada'},'phones':{'p1':{'number':'+44 2'}}}"); // the first one is gone
        one.sync();

        assertThat(server.book())
                .containsEntry(
                        ON_SERVER,
                        SyncTaskTest.card(
                                "{'name':{'full':'Ada'},'notes':{'n':{'note':'x'}},'phones':{'office':{'number':'+44 2'}}}"));
    }

    @Test
    void anEditOfANumberChangesNoOtherOneAndKeepsWhatThePhoneDoesNotShow() throws Exception {
        server.put(ON_SERVER, SyncTaskTest.card(TWO_PHONES));
        one.sync();
        Uid ada = phone.contacts().keySet().iterator().next();

        phone.edit(ada, "{'name':{'full':'Ada'},'phones':{'p1':{'number':'+44 3'},'p2':{'number':'+44 2'}}}");
        one.sync();

        assertThat(server.book())
                .containsEntry(
                        ON_SERVER,
                        SyncTaskTest.card(
                                "{'name':{'full':'Ada'},'notes':{'n':{'note':'x'}},'phones':{'home':{'contexts':{'private':true},'number':'+44 3'},"
                                        + "'office':{'number':'+44 2'}}}"));
    }

    @Test
    void contactsAreThereOnceWhenWritingFailsInTheMiddle() throws Exception {
        bookOnServer();
        phone.failAfter(3);
        assertThatThrownBy(one::sync).isInstanceOf(IOException.class);
        assertThat(phone.contacts()).hasSize(3);

        one.sync();

        assertThat(phone.contacts()).hasSize(6);
        assertThat(server.book())
                .hasSize(6)
                .allSatisfy((uid, card) -> assertThat(new String(card.utf8())).contains("notes"));
        assertThat(one.database.conflicts().all()).isEmpty();
    }

    @Test
    void contactsAreThereOnceWhenTheProcessEndsInTheMiddle() throws Exception {
        bookOnServer();
        Path copy = files.resolve("copy.db");
        Path journal = files.resolve("phone.db-wal");
        one.onStep = step -> {
            if (step == Step.PHONE_WRITTEN) {
                Files.copy(files.resolve("phone.db"), copy);
                Files.copy(journal, files.resolve("copy.db-wal"));
                throw new IOException("killed");
            }
        };
        assertThatThrownBy(one::sync).isInstanceOf(Exception.class);
        assertThat(phone.contacts()).hasSize(6);

        try (Device next = new Device(server.account(), "phone", phone, copy)) {
            next.sync();

            assertThat(phone.contacts()).hasSize(6);
            assertThat(server.book())
                    .hasSize(6)
                    .allSatisfy(
                            (uid, card) -> assertThat(new String(card.utf8())).contains("notes"));
            assertThat(next.sync().sent()).isZero();
        }
    }

    @Test
    void aPersonWhoMayBeEachOfTwoUnfinishedOnesIsNeither() throws Exception {
        server.put(
                new Uid("home"),
                SyncTaskTest.card("{'name':{'full':'Ada'},'phones':{'a':{'number':'1'},'b':{'number':'2'}}}"));
        server.put(
                new Uid("work"),
                SyncTaskTest.card("{'name':{'full':'Ada'},'phones':{'a':{'number':'1'},'b':{'number':'3'}}}"));
        phone.failAfter(0);
        assertThatThrownBy(one::sync).isInstanceOf(IOException.class);
        phone.add(ADA);

        one.sync();

        assertThat(server.book()).hasSize(3);
        assertThat(phone.contacts()).hasSize(3);
    }

    /** A UUID that is made from a name is the same for namesakes (protocol 4.25.4). */
    @Test
    void namesakesWithUidsThatAreMadeFromTheirNameAreTwoPeople() throws Exception {
        Uid max = new Uid("urn:uuid:2f1b0a5c-77d1-8c3e-9a51-0d4f6a7b8c9d");
        MemoryAddressBook first = new MemoryAddressBook();
        MemoryAddressBook next = new MemoryAddressBook();
        first.put(max, SyncTaskTest.card("{'name':{'full':'Max'},'phones':{'k1':{'number':'1'}}}"));
        next.put(max, SyncTaskTest.card("{'name':{'full':'Max'},'phones':{'k1':{'number':'2'}}}"));
        try (Device third = new Device(server.account(), "third", first, files.resolve("third.db"));
                Device fourth = new Device(server.account(), "fourth", next, files.resolve("fourth.db"))) {
            third.sync();
            fourth.sync();
            third.sync();
        }

        assertThat(names(server.book())).containsExactly("Max", "Max");
        assertThat(first.contacts().values())
                .containsExactlyInAnyOrderElementsOf(next.contacts().values());
        assertThat(first.contacts()).hasSize(2);
    }

    private void bookOnServer() {
        for (int i = 1; i <= 6; i++) {
            // Two of them look the same on the phone, and two have no number.
            String name = i <= 2 ? "Same" : "Contact " + i;
            String phones = i >= 5 ? "" : ",'phones':{'k1':{'number':'+44 20','label':'" + i + "'}}";
            server.put(
                    new Uid("contact-" + i),
                    SyncTaskTest.card(
                            "{'name':{'full':'" + name + "'}" + phones + ",'notes':{'n':{'note':'" + i + "'}}}"));
        }
    }

    private static List<String> names(Map<Uid, CanonicalCard> book) {
        return book.values().stream().map(NumberingPhoneTest::name).toList();
    }

    private static String name(CanonicalCard card) {
        return new String(card.utf8()).replaceFirst("(?s).*\"full\":\"([^\"]*)\".*", "$1");
    }
}
