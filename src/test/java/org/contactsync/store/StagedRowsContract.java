package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.PersistenceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.it.Seed;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.request.Change;
import org.contactsync.store.row.ContactRow;
import org.contactsync.sync.Examples;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.book.StoredContact;
import org.junit.jupiter.api.Test;

/** The contacts of a chunk make the rows that entities make, whatever statement writes them. */
interface StagedRowsContract {
    /** No control character is allowed in a uid; these look like the escapes of bytes, or have the byte 0 beside them. */
    List<String> UIDS = List.of(
            "\\x00", "\\000", "\\\\", "\u0080", "\u00ff", "\u0100", "\u2400", "{}", "\"", "'", "NULL", "{\"a\",NULL}");

    /** The store under test; its tables are empty when the test begins. */
    JpaTestStore jpaStore();

    @Test
    default void chunksOfAnySizeMakeTheRowsOfEntities() {
        long seed = Seed.of("staged.seed");
        Random random = new Random(seed);
        for (int size : List.of(1, 2, 3, 127, 128, 129, 500)) {
            makesTheRowsOfEntities("seed=" + seed + " size=" + size, contacts(random, size));
        }
    }

    /** Protocol 2.2.2: the largest card that the profile allows. */
    @Test
    default void theLargestCardAndTheSmallestMakeTheRowsOfEntities() {
        List<StoredContact> contacts = List.of(
                of(new Uid("large"), Examples.cardOf(CardProfile.MAX_CARD_BYTES), 7, Examples.PHONE),
                of(new Uid("empty"), canonical("{}"), 7, Optional.empty()),
                of(new Uid("a".repeat(Uid.MAX_BYTES)), canonical("{\"name\":{\"full\":\"\"}}"), 7, Examples.PHONE));

        makesTheRowsOfEntities("largest", contacts);
    }

    @Test
    default void uidsThatLookLikeEscapesMakeTheRowsOfEntities() {
        List<StoredContact> contacts = UIDS.stream()
                .map(uid -> of(new Uid(uid), canonical("{\"name\":{\"full\":\"\\u0001 \\\\x00\"}}"), 1, Examples.PHONE))
                .toList();

        makesTheRowsOfEntities("uids", contacts);
    }

    @Test
    default void nothingIsWrittenForNoContact() {
        assertThat(written(List.of())).isEmpty();
    }

    @Test
    default void aContactThatHasARowIsNotWrittenAgainNorAreTheOthers() {
        List<StoredContact> first = contacts(new Random(1), 3);
        List<StoredContact> second = new ArrayList<>(contacts(new Random(2), 3));
        second.add(first.get(1));
        written(first);
        List<List<String>> before = rows(1);

        assertThatThrownBy(() -> written(second)).isInstanceOf(PersistenceException.class);

        assertThat(rows(1)).isEqualTo(before);
    }

    /** Hashes are asked for with as many uids as a chunk has. */
    @Test
    default void hashesAreThoseOfTheLiveContactsAmongAllThatAreAskedFor() {
        List<StoredContact> contacts = contacts(new Random(3), 300);
        written(contacts);
        List<Uid> uids =
                new ArrayList<>(contacts.stream().map(StoredContact::uid).toList());
        IntStream.range(0, 200).forEach(n -> uids.add(new Uid("nobody" + n)));
        Map<Uid, ContentHash> live = contacts.stream()
                .filter(contact -> contact.now().isPresent())
                .collect(Collectors.toMap(
                        StoredContact::uid,
                        contact -> contact.now().map(Content::hash).orElseThrow()));

        assertThat(jpaStore().contacts().hashes(1, 1, uids)).isEqualTo(live);
        assertThat(jpaStore().contacts().hashes(1, 2, uids)).isEmpty();
        assertThat(jpaStore().contacts().hashes(2, 1, uids)).isEmpty();
    }

    private void makesTheRowsOfEntities(String what, List<StoredContact> contacts) {
        long entities = 2;
        jpaStore().inTransaction(() -> {
            contacts.forEach(contact -> jpaStore().entityManager().persist(new ContactRow(1, entities, contact)));
            jpaStore().entityManager().flush();
        });
        List<List<String>> expected = rows(entities);

        List<List<String>> written = written(contacts);

        assertThat(written).as(what).hasSameSizeAs(contacts).isEqualTo(expected);
        jpaStore().inTransaction(() -> jpaStore().execute("delete from contact where book_id = 1"));
    }

    private List<List<String>> written(List<StoredContact> contacts) {
        jpaStore().inTransaction(() -> jpaStore().contacts().insert(1, 1, contacts));
        return rows(1);
    }

    /** All columns but the generation, in the order of the uids. */
    private List<List<String>> rows(long generation) {
        return jpaStore()
                .rows(
                        "select uid, card, content_hash, position, entry_sum, seq, device, alternation from contact"
                                + " where book_id = 1 and generation = ?1 order by uid",
                        generation)
                .stream()
                .map(row -> Arrays.stream(row).map(StagedRowsContract::text).toList())
                .toList();
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }

    private static List<StoredContact> contacts(Random random, int size) {
        List<StoredContact> contacts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Uid uid = new Uid(i + "-" + text(random, random.nextInt(40)));
            Optional<DeviceId> device = random.nextBoolean() ? Examples.PHONE : Optional.empty();
            long seq = random.nextLong() >>> 1;
            StoredContact contact = of(uid, Examples.card(text(random, random.nextInt(400))), seq, device);
            // What no chunk has, but the columns can hold.
            contacts.add(
                    random.nextInt(10) > 0
                            ? contact
                            : new StoredContact(
                                    uid, Optional.empty(), contact.position(), contact.entry(), seq, device));
        }
        return contacts;
    }

    private static String text(Random random, int characters) {
        String alphabet = "aZ09 -_.\\x'\"{},\u00e4\u4e2d\ud83d\ude00";
        int[] points = alphabet.codePoints().toArray();
        return IntStream.range(0, characters)
                .mapToObj(i -> Character.toString(points[random.nextInt(points.length)]))
                .collect(Collectors.joining());
    }

    private static StoredContact of(Uid uid, CanonicalCard card, long seq, Optional<DeviceId> device) {
        return Effect.contact(new Change.Put(uid, card, Optional.empty()), Examples.CODES, seq, device);
    }

    private static CanonicalCard canonical(String text) {
        return CanonicalCard.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }
}
