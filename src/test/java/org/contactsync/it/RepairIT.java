package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.RepairMeter;
import org.contactsync.client.RepairMeter.Repaired;
import org.contactsync.client.http.Account;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a repair costs at the socket of the packaged server, with every header that it and the client send. Prints the figures. */
@ExtendWith(SharedServer.class)
class RepairIT {
    /** A token of an issuer has about so many characters. */
    private static final int USUAL_TOKEN = 700;

    private final long seed = Seed.of("repair.seed");
    private final Random random = new Random(seed);
    private final LibertyServer server;

    RepairIT(LibertyServer server) {
        this.server = server;
        System.out.println("repair.seed=" + seed);
    }

    /** Protocol 10.6: a client that has lost its state finds ten differences in 10,000 contacts with 4 requests and 20 KB. */
    @ParameterizedTest
    @CsvSource({
        "1000, 1, 3, 15000",
        "1000, 10, 3, 16000",
        "1000, 100, 4, 45000",
        "10000, 1, 4, 20000",
        "10000, 10, 4, 20000",
        "10000, 100, 5, 90000"
    })
    void findsWhatDiffers(int contacts, int differences, int mostRequests, long mostBytes, @TempDir Path directory)
            throws Exception {
        // A long name, so that the token is as long as one of an issuer.
        Device tablet =
                Device.ofUser(server, "u".repeat(92) + UUID.randomUUID()).another("tablet");
        Account account = new Account(server.uri(""), tablet.token(), Optional.of(new DeviceId("phone-of-ada")));
        TreeMap<Uid, CanonicalCard> book = new TreeMap<>();
        MadeBooks.contacts(seed, contacts).forEach(contact -> book.put(contact.uid(), contact.card()));
        try (RepairMeter phone = new RepairMeter(account)) {
            phone.push(book, directory.resolve("first"));
            tablet.apply(changes(differences, book));

            Repaired repaired = phone.repair(book, directory.resolve("second"));

            int missing = Math.max(0, USUAL_TOKEN - tablet.token().length());
            long bytes = repaired.repair().bytes()
                    + (long) missing * repaired.repair().requests();
            System.out.printf(
                    "repair, %s: %d contacts, %d differences, state lost, token of %d bytes: %s; with the push: %s%n",
                    TestDatabase.kind(),
                    contacts,
                    differences,
                    tablet.token().length(),
                    repaired.repair(),
                    repaired.push());
            assertThat(repaired.repair().requests()).as("seed %d", seed).isLessThanOrEqualTo(mostRequests);
            assertThat(bytes)
                    .as("seed %d, with a token of %d bytes", seed, USUAL_TOKEN)
                    .isLessThanOrEqualTo(mostBytes);
            assertThat(repaired.summary().checkCode().value()).isEqualTo(tablet.checkCode());
            assertThat(repaired.summary().deleted()).isZero();
        }
    }

    /** Edits, additions and deletions. */
    private Changes changes(int differences, TreeMap<Uid, CanonicalCard> book) {
        List<Uid> uids = new ArrayList<>(book.keySet());
        Collections.shuffle(uids, random);
        Changes changes = new Changes();
        for (int i = 0; i < differences; i++) {
            String card = Changes.card("Theirs " + random.nextLong());
            switch (i % 5) {
                case 3 -> changes.put("urn:uuid:" + new UUID(random.nextLong(), random.nextLong()), card);
                case 4 -> changes.delete(uids.get(i).value());
                default -> changes.put(uids.get(i).value(), card);
            }
        }
        return changes;
    }
}
