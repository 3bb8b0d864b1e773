package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.PHONE;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.uid;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.lookup.AskedNumber;
import org.contactsync.lookup.BlockList;
import org.contactsync.lookup.IndexRequests;
import org.contactsync.lookup.Indexing;
import org.contactsync.lookup.LookupRows;
import org.contactsync.lookup.LookupRows.Index;
import org.contactsync.lookup.Lookups;
import org.contactsync.lookup.NameQuery;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.lookup.NameAnswer;
import org.contactsync.protocol.lookup.PhoneMatch;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;
import org.contactsync.store.lookup.JpaLookupRows;
import org.contactsync.sync.Examples;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.junit.jupiter.api.Test;

/** A look-up tells the book as it is, however far its index is. */
interface LookupContract {
    /** More than two steps of deriving. */
    int MANY = 450;

    long MOST_BYTES = 64L * 1024 * 1024;

    /** The store under test; its tables are empty when the test begins. */
    JpaTestStore jpaStore();

    @Test
    default void findsWithoutAnIndexAndAsksForOne() {
        fill(20);
        IndexRequests requests = new IndexRequests();

        assertThat(names(lookups(requests), number(7))).containsExactly("Contact 7");
        assertThat(requests.take()).containsExactly(ADA);
        assertThat(index()).isEmpty();
    }

    @Test
    default void findsTheSameWithAnIndexAndAsksForNothing() {
        fill(MANY);
        derive(true);
        IndexRequests requests = new IndexRequests();

        assertThat(index().orElseThrow().seq()).isEqualTo(book().seq());
        for (int n : new int[] {0, 7, MANY - 1}) {
            assertThat(names(lookups(requests), number(n))).containsExactly("Contact " + n);
        }
        assertThat(names(lookups(requests), number(MANY))).isEmpty();
        assertThat(requests.take()).isEmpty();
    }

    /** In the midst of deriving, a contact is either in the index or read from the feed, never twice and never left out. */
    @Test
    default void findsTheSameAtEveryStepOfDeriving() {
        fill(MANY);
        boolean more = true;
        for (int step = 0; more; step++) {
            more = step(ADA, true);
            for (int n = 0; n < MANY; n += 37) {
                assertThat(names(lookups(), number(n))).as("step %d", step).containsExactly("Contact " + n);
            }
            assertThat(found("contact", 100).found()).hasSize(100);
        }
    }

    @Test
    default void changesSinceTheIndexCount() {
        fill(MANY);
        derive(true);
        apply(
                put(7, "Ada", "+493099999"),
                delete(8),
                put(9, "Contact 9 again", number(9)),
                put(1_000, "New", number(8)));

        assertThat(names(lookups(), number(7))).isEmpty();
        assertThat(names(lookups(), "+493099999")).containsExactly("Ada");
        assertThat(names(lookups(), number(8))).containsExactly("New");
        assertThat(names(lookups(), number(9))).containsExactly("Contact 9 again");
        assertThat(found("ada", 10).found()).extracting(NameAnswer.Found::uid).containsExactly(uid(7));
        assertThat(found("contact 7", 10).found())
                .extracting(NameAnswer.Found::uid)
                .doesNotContain(uid(7));

        derive(true);
        assertThat(index().orElseThrow().seq()).isEqualTo(book().seq());
        assertThat(names(lookups(), number(7))).isEmpty();
        assertThat(names(lookups(), number(8))).containsExactly("New");
        assertThat(names(lookups(), number(9))).containsExactly("Contact 9 again");
    }

    /** Few changes are read by the look-up: a book that changes often is not derived all the time. */
    @Test
    default void fewChangesAreNotDerivedUntilALookUpAsks() {
        fill(20);
        derive(true);
        long seq = book().seq();
        apply(put(1, "Changed", number(1)));

        assertThat(step(ADA, false)).isFalse();
        assertThat(index().orElseThrow().seq()).isEqualTo(seq);
        for (int n = 0; n < 20; n++) {
            apply(put(n, "Changed " + n, number(n)));
        }
        step(ADA, false);
        assertThat(index().orElseThrow().seq()).isEqualTo(book().seq());
    }

    /** A book in which nobody looks anything up has no index. */
    @Test
    default void nothingIsDerivedForABookThatNobodyAsksFor() {
        fill(20);

        assertThat(step(ADA, false)).isFalse();
        assertThat(step(BOB, true)).isFalse();
        assertThat(jpaStore()
                        .inTransaction(() -> rows().behind(0, 10, indexing().version()))
                        .last())
                .isEmpty();
        assertThat(index()).isEmpty();
    }

    @Test
    default void anotherGenerationBeginsTheIndexAnewAndTheOldEntriesAreRemoved() {
        fill(MANY);
        derive(true);
        long epoch = index().orElseThrow().epoch();
        replace(3);

        assertThat(names(lookups(), number(7))).isEmpty();
        assertThat(names(lookups(), number(2))).containsExactly("Contact 2");
        derive(true);
        assertThat(index().orElseThrow().epoch()).isEqualTo(epoch + 1);
        assertThat(index().orElseThrow().oldestEpoch()).isEqualTo(epoch);
        assertThat(names(lookups(), number(7))).isEmpty();
        assertThat(names(lookups(), number(2))).containsExactly("Contact 2");
        assertThat(entries()).isGreaterThan(MANY);

        long book = book().id();
        assertThat(jpaStore().inTransaction(() -> indexing().removeOld(book, NOON, 100)))
                .as("a reader may be at them")
                .isFalse();
        int steps = 0;
        while (jpaStore().inTransaction(() -> indexing().removeOld(book, NOON.plusSeconds(1), 100))) {
            steps++;
        }
        assertThat(steps).isBetween(5, 60);
        assertThat(entries()).isLessThan(20);
        assertThat(jpaStore()
                        .inTransaction(() -> rows().behind(0, 10, indexing().version()))
                        .behind())
                .isEmpty();
    }

    /** Protocol 4.20.4: newer metadata of numbers change nothing but the entries. */
    @Test
    default void anEarlierVersionIsDerivedAgainAndALaterOneIsUsed() {
        fill(30);
        derive(true);
        long version = index().orElseThrow().version();
        Indexing later = indexing(version + 1, MOST_BYTES);
        assertThat(jpaStore()
                        .inTransaction(() -> rows().behind(0, 10, version + 1))
                        .behind())
                .extracting(LookupRows.Behind::owner)
                .containsExactly(ADA);

        assertThat(jpaStore().inTransaction(() -> later.step(ADA, false, NOON))).isFalse();
        assertThat(index().orElseThrow().version()).isEqualTo(version + 1);
        assertThat(index().orElseThrow().seq()).isEqualTo(book().seq());
        IndexRequests requests = new IndexRequests();
        assertThat(names(lookups(requests), number(7))).containsExactly("Contact 7");
        assertThat(requests.take()).as("the later version is used").isEmpty();
        step(ADA, true);
        assertThat(index().orElseThrow().version()).as("and left as it is").isEqualTo(version + 1);
    }

    /** Otherwise each look-up would read the whole book until it is derived again. */
    @Test
    default void aBookThatIsAskedForKeepsItsIndexOfAnEarlierVersionUntilTheWalk() {
        fill(30);
        derive(true);
        Index before = index().orElseThrow();
        for (int n = 0; n < 20; n++) {
            apply(put(n, "Changed " + n, number(n)));
        }
        Indexing later = indexing(before.version() + 1, MOST_BYTES);

        assertThat(jpaStore().inTransaction(() -> later.step(ADA, true, NOON))).isFalse();
        assertThat(index().orElseThrow().epoch()).isEqualTo(before.epoch());
        assertThat(index().orElseThrow().seq()).isEqualTo(book().seq());
        assertThat(names(lookups(), number(7))).containsExactly("Changed 7");

        jpaStore().inTransaction(() -> later.step(ADA, false, NOON));
        assertThat(index().orElseThrow().version()).isEqualTo(before.version() + 1);
        assertThat(index().orElseThrow().epoch()).isEqualTo(before.epoch() + 1);
    }

    @Test
    default void anIndexOfAnotherFormIsNeitherUsedNorTouched() {
        fill(30);
        derive(true);
        long form = 1_000_000_000_000L;
        long other = index().orElseThrow().version() + form;
        execute("update lookup_index set version = " + other);
        execute("update lookup_entry set name = 'wrong'");

        assertThat(names(lookups(), number(7))).containsExactly("Contact 7");
        assertThat(step(ADA, true)).isFalse();
        assertThat(index().orElseThrow().version()).isEqualTo(other);
    }

    /** What a version changed that knows nothing of the index, or somebody emptied. */
    @Test
    default void bothTablesMayBeEmptied() {
        fill(30);
        derive(true);
        execute("delete from lookup_entry");
        execute("delete from lookup_index");

        assertThat(names(lookups(), number(7))).containsExactly("Contact 7");
        derive(true);
        assertThat(names(lookups(), number(7))).containsExactly("Contact 7");
    }

    /** Entries count, so that a book of hostile cards does not fill the disk; contacts beyond them are still found. */
    @Test
    default void anIndexStopsAtItsBytes() {
        fill(MANY);
        Indexing small = indexing(indexing().version(), 1);
        for (int i = 0; i < 5; i++) {
            jpaStore().inTransaction(() -> small.step(ADA, true, NOON));
        }

        assertThat(index().orElseThrow().seq()).isLessThan(book().seq());
        assertThat(index().orElseThrow().bytes()).isPositive();
        assertThat(entries()).isLessThan(3 * MANY);
        assertThat(names(lookups(), number(MANY - 1))).containsExactly("Contact " + (MANY - 1));
        assertThat(names(lookups(), number(0))).containsExactly("Contact 0");
    }

    /** It takes a processor. An index that has no room for all contacts is no way around it, and few changes are no reason. */
    @Test
    default void oneLookUpOfAUserReadsMuchAtATime() {
        fill(MANY);
        for (boolean partly : new boolean[] {false, true}) {
            if (partly) {
                Indexing small = indexing(indexing().version(), 1);
                jpaStore().inTransaction(() -> small.step(ADA, true, NOON));
            }
            Meanwhile meanwhile = new Meanwhile(jpaStore().contacts());
            Lookups lookups = lookups(meanwhile.contacts(), new IndexRequests());
            meanwhile.atSecondSlice(() -> assertThatThrownBy(() -> names(lookups, number(7)))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem()).isInstanceOf(Problem.QuotaExceeded.class)));

            assertThat(names(lookups, number(MANY - 1))).containsExactly("Contact " + (MANY - 1));
            assertThat(meanwhile.slices()).isGreaterThan(2);
            assertThat(names(lookups, number(8))).containsExactly("Contact 8");
        }
        derive(true);
        apply(put(3, "Again", number(3)));
        Meanwhile meanwhile = new Meanwhile(jpaStore().contacts());
        Lookups lookups = lookups(meanwhile.contacts(), new IndexRequests());
        assertThat(names(lookups, number(3))).containsExactly("Again");
        assertThat(meanwhile.slices()).isEqualTo(1);
    }

    /** Contacts whose second slice of a look-up something happens at. */
    final class Meanwhile {
        private final Contacts store;
        private final AtomicInteger slices = new AtomicInteger();
        private Runnable action = () -> {};

        Meanwhile(Contacts store) {
            this.store = store;
        }

        void atSecondSlice(Runnable what) {
            action = what;
        }

        int slices() {
            return slices.get();
        }

        Contacts contacts() {
            return (Contacts) Proxy.newProxyInstance(
                    Contacts.class.getClassLoader(), new Class<?>[] {Contacts.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("changedSince") && slices.incrementAndGet() == 2) {
                            action.run();
                        }
                        return method.invoke(store, arguments);
                    });
        }
    }

    /** Otherwise contacts with many numbers would make a step of twelve thousand inserts. */
    @Test
    default void aStepDerivesALimitedNumberOfEntries() {
        apply(IntStream.range(0, 100).mapToObj(LookupContract::withManyNumbers).toArray(Change[]::new));

        assertThat(step(ADA, true)).isTrue();
        long first = entries();
        assertThat(first).isBetween(2_000L, 2_100L);
        derive(true);
        assertThat(entries()).isGreaterThan(100L * 32);
        assertThat(index().orElseThrow().seq()).isEqualTo(book().seq());
        assertThat(names(lookups(), "+49307000" + 199)).containsExactly("Many 99");
    }

    private static Change.Put withManyNumbers(int n) {
        String phones = IntStream.range(0, 32)
                .mapToObj(i -> "\"k%02d\":{\"number\":\"+49307%03d%03d\"}".formatted(i, i, 100 + n))
                .collect(Collectors.joining(","));
        String json = "{\"@type\":\"Card\",\"name\":{\"full\":\"Many %d\"},\"phones\":{%s},\"version\":\"1.0\"}"
                .formatted(n, phones);
        return new Change.Put(uid(n), CanonicalCard.ofTrusted(json.getBytes(StandardCharsets.UTF_8)), Optional.empty());
    }

    @Test
    default void bytesAreThoseOfTheEntries() {
        fill(30);
        derive(true);
        long before = index().orElseThrow().bytes();
        apply(IntStream.range(0, 20)
                .mapToObj(n -> put(n, "An additional name " + n, number(n)))
                .toArray(Change[]::new));
        derive(true);
        assertThat(index().orElseThrow().bytes()).isGreaterThan(before);
        apply(IntStream.range(0, 30).mapToObj(Examples::delete).toArray(Change[]::new));
        derive(true);

        assertThat(index().orElseThrow().bytes()).isZero();
        assertThat(entries()).isZero();
    }

    @Test
    default void aSearchIsInOrderAndEndsAtItsLimit() {
        fill(MANY);
        for (boolean derived : new boolean[] {false, true}) {
            if (derived) {
                derive(true);
            }
            NameAnswer first = found("c", 20);
            assertThat(first.found())
                    .hasSize(20)
                    .extracting(NameAnswer.Found::name)
                    .allMatch(name -> name.startsWith("Contact"));
            assertThat(first.more()).isTrue();
            assertThat(found("contact", 20)).isEqualTo(first);
            assertThat(found("contact 44", 20).found())
                    .extracting(NameAnswer.Found::name)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.of(44, 440, 441, 442, 443, 444, 445, 446, 447, 448, 449)
                                    .mapToObj(n -> "Contact " + n)
                                    .toList());
            assertThat(found("44 contact", 3).more()).isTrue();
            assertThat(found("contact 450", 20).found()).isEmpty();
            assertThat(found("contact zzz", 20).more()).isFalse();
        }
    }

    /** A contact with several words that begin alike is found once, at its first word. */
    @Test
    default void aContactIsFoundOnce() {
        apply(put(1, "Anna Annabel Anne", number(1)), put(2, "Annabella", number(2)));
        for (int i = 0; i < 2; i++) {
            assertThat(found("ann", 10).found())
                    .extracting(NameAnswer.Found::uid)
                    .containsExactly(uid(1), uid(2));
            derive(true);
        }
    }

    @Test
    default void severalNumbersAreAnsweredInTheirOrder() {
        fill(30);
        derive(true);
        List<AskedNumber> asked = new ArrayList<>();
        for (String number : List.of(number(3), "+4400000", number(1), number(3))) {
            asked.add(AskedNumber.of(number, Optional.empty()));
        }

        assertThat(lookups().phones(ADA, asked).orElseThrow().value())
                .extracting(answer ->
                        answer.matches().stream().map(PhoneMatch::name).toList())
                .containsExactly(List.of("Contact 3"), List.of(), List.of("Contact 1"), List.of("Contact 3"));
    }

    @Test
    default void theAnswerHasTheCheckCodeOfItsBook() {
        fill(30);
        Reading<?> reading =
                lookups().names(ADA, NameQuery.of("contact").orElseThrow(), 5).orElseThrow();

        assertThat(reading.checkCode()).isEqualTo(BookReadings.checkCode(book()));
        assertThat(lookups().names(BOB, NameQuery.of("contact").orElseThrow(), 5))
                .isEmpty();
    }

    /** Two instances derive one book: the second finds it locked, or done. */
    @Test
    default void onlyOneDerivesABookAtATime() {
        fill(30);
        derive(true);
        long book = book().id();
        jpaStore().inTransaction(() -> {
            assertThat(rows().lock(book)).isPresent();
            assertThat(CompletableFuture.supplyAsync(() -> step(ADA, true)).join())
                    .isFalse();
        });
    }

    static String number(int n) {
        return "+4930" + (1_000_000 + n);
    }

    private static Change.Put put(int n, String name, String number) {
        String json = String.format(
                Locale.ROOT,
                "{\"@type\":\"Card\",\"name\":{\"full\":\"%s\"},\"phones\":{\"k1\":{\"number\":\"%s\"}},\"version\":\"1.0\"}",
                name,
                number);
        return new Change.Put(uid(n), CanonicalCard.ofTrusted(json.getBytes(StandardCharsets.UTF_8)), Optional.empty());
    }

    private void fill(int contacts) {
        apply(IntStream.range(0, contacts)
                .mapToObj(n -> put(n, "Contact " + n, number(n)))
                .toArray(Change[]::new));
    }

    private void apply(Change... changes) {
        jpaStore().change(ADA, changes);
    }

    /** A full upload of the first contacts. */
    private void replace(int contacts) {
        jpaStore().inTransaction(() -> {
            BookState book = jpaStore().books().lock(ADA).book();
            CheckCodes codes = new CheckCodes(book.key());
            long generation = book.lastGeneration() + 1;
            Effect effect = Effect.of(
                    BookDigest.EMPTY,
                    codes,
                    IntStream.range(0, contacts)
                            .<Change>mapToObj(n -> put(n, "Contact " + n, number(n)))
                            .toList(),
                    Map.of(),
                    book.seq() + 1,
                    PHONE);
            List<StoredContact> staged = effect.writes().contacts();
            jpaStore().contacts().insert(book.id(), generation, staged);
            BookState after = book.withNewGeneration().switched(generation, effect.digest(), OptionalLong.empty());
            return jpaStore().books().apply(Examples.update(book, after));
        });
    }

    private BookState book() {
        return jpaStore().books().read(ADA).orElseThrow();
    }

    private Optional<Index> index() {
        return jpaStore().books().read(ADA).flatMap(book -> rows().find(book.id()));
    }

    private long entries() {
        return ((Number) ((Object)
                        jpaStore().rows("select count(*) from lookup_entry").get(0)))
                .longValue();
    }

    private void execute(String sql) {
        jpaStore().inTransaction(() -> jpaStore().execute(sql));
    }

    private LookupRows rows() {
        return new JpaLookupRows(jpaStore().entityManager());
    }

    private Indexing indexing() {
        return new Indexing(jpaStore().books(), jpaStore().contacts(), rows(), MOST_BYTES);
    }

    private Indexing indexing(long version, long mostBytes) {
        return new Indexing(jpaStore().books(), jpaStore().contacts(), rows(), mostBytes, version);
    }

    private boolean step(Owner owner, boolean asked) {
        Instant now = NOON;
        return jpaStore().inTransaction(() -> indexing().step(owner, asked, now));
    }

    private void derive(boolean asked) {
        int steps = 0;
        while (step(ADA, asked)) {
            assertThat(++steps).isLessThan(100);
        }
    }

    private Lookups lookups() {
        return lookups(new IndexRequests());
    }

    private Lookups lookups(IndexRequests requests) {
        return lookups(jpaStore().contacts(), requests);
    }

    private Lookups lookups(Contacts contacts, IndexRequests requests) {
        return new Lookups(
                jpaStore().books(),
                contacts,
                rows(),
                requests,
                new BlockList(Optional.empty(), () -> Duration.ZERO.toNanos()));
    }

    private static List<String> names(Lookups lookups, String number) {
        return lookups
                .phones(ADA, List.of(AskedNumber.of(number, Optional.empty())))
                .orElseThrow()
                .value()
                .get(0)
                .matches()
                .stream()
                .map(PhoneMatch::name)
                .toList();
    }

    private NameAnswer found(String query, int most) {
        return lookups()
                .names(ADA, NameQuery.of(query).orElseThrow(), most)
                .orElseThrow()
                .value();
    }
}
