package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.cardOf;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.contactsync.checkcode.Sha256;
import org.contactsync.protocol.request.Change;
import org.contactsync.store.scrub.JpaFindings;
import org.contactsync.store.scrub.JpaScrubRows;
import org.contactsync.sync.TreeReader;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.reading.TreeCounts.Source;
import org.contactsync.sync.scrub.BookScrub;
import org.contactsync.sync.scrub.BookScrub.Result;
import org.contactsync.sync.scrub.Finding;
import org.contactsync.sync.scrub.Findings;
import org.contactsync.sync.scrub.Part;
import org.contactsync.sync.scrub.Round;
import org.contactsync.sync.scrub.ScrubRows;
import org.contactsync.sync.scrub.Scrubs;
import org.junit.jupiter.api.Test;

/** Books whose rows were damaged behind the service's back are found, and others are not. */
interface ScrubContract {
    /** More than three slices. */
    int CONTACTS = 350;

    String ROW = " where uid = cast('uid-7' as bytea)";
    String HASH = HexFormat.of().formatHex(Sha256.digest(uid(7).utf8()));

    /** The store under test; its tables are empty when the test begins. */
    JpaTestStore jpaStore();

    @Test
    default void aBookAgreesWithWhatWasWritten() {
        fill(CONTACTS);
        apply(delete(3), delete(4), put(5, "Grace"), new Change.Put(uid(6), cardOf(100_000), Optional.empty()));

        assertThat(scrubbed()).isEqualTo(new Result.Agrees());
        assertThat(book().cardBytes()).isPresent();
    }

    @Test
    default void anEmptyBookAgrees() {
        book();

        assertThat(scrubbed()).isEqualTo(new Result.Agrees());
    }

    @Test
    default void aWrongCountIsFound() {
        assertThat(damaged("update book set contact_count = contact_count + 1").parts())
                .containsExactly(Part.COUNT);
    }

    @Test
    default void aWrongSumIsFound() {
        Finding finding = damaged("update book set entry_sum = (select entry_sum from contact" + ROW + ")");

        assertThat(finding.parts()).containsExactly(Part.SUM);
        assertThat(finding.owner()).isEqualTo(ADA.key());
        assertThat(finding.seq()).isEqualTo(book().seq());
    }

    @Test
    default void wrongBytesOfCardsAreFound() {
        assertThat(damaged("update book set card_bytes = card_bytes - 1").parts())
                .containsExactly(Part.BYTES);
    }

    /** A version that does not count them leaves them as they were. */
    @Test
    default void bytesOfAnEarlierVersionAreNotCompared() {
        fill(CONTACTS);
        execute("update book set card_bytes = 1, card_bytes_seq = seq - 1");

        assertThat(scrubbed()).isEqualTo(new Result.Agrees());
    }

    @Test
    default void aFlippedByteOfACardIsFound() {
        Finding finding =
                damaged("update contact set card = cast('{\"@type\":\"Card\",\"name\":{\"full\":\"contact-6\"},"
                        + "\"version\":\"1.0\"}' as bytea)" + ROW);

        assertThat(finding.parts()).containsExactly(Part.CONTACTS);
        assertThat(finding.contacts()).isEqualTo(1);
        assertThat(finding.listed()).containsExactly(new Finding.WrongContact(HASH, Set.of(Part.CARD)));
    }

    @Test
    default void aWrongHashIsFound() {
        Finding finding = damaged("update contact set content_hash = entry_sum" + ROW);

        assertThat(finding.parts()).containsExactly(Part.CONTACTS);
        assertThat(finding.listed()).containsExactly(new Finding.WrongContact(HASH, Set.of(Part.CARD, Part.ENTRY)));
    }

    @Test
    default void aWrongEntryIsFound() {
        Finding finding = damaged("update contact set entry_sum = content_hash" + ROW);

        assertThat(finding.parts()).containsExactlyInAnyOrder(Part.SUM, Part.CONTACTS);
        assertThat(finding.listed()).containsExactly(new Finding.WrongContact(HASH, Set.of(Part.ENTRY)));
    }

    @Test
    default void aWrongPositionIsFound() {
        Finding finding = damaged("update contact set position = (position + 1) % 65536" + ROW);

        assertThat(finding.listed()).containsExactly(new Finding.WrongContact(HASH, Set.of(Part.POSITION)));
    }

    @Test
    default void aLostContactIsFound() {
        assertThat(damaged("delete from contact" + ROW).parts())
                .containsExactlyInAnyOrder(Part.COUNT, Part.SUM, Part.BYTES);
    }

    @Test
    default void aLostCardIsFound() {
        Finding finding = damaged("update contact set card = null" + ROW);

        assertThat(finding.parts()).containsExactlyInAnyOrder(Part.BYTES, Part.CONTACTS);
        assertThat(finding.listed()).containsExactly(new Finding.WrongContact(HASH, Set.of(Part.CARD)));
    }

    @Test
    default void aHashOfAnotherLengthIsFound() {
        Finding finding = damaged("update contact set content_hash = cast('short' as bytea)" + ROW);

        assertThat(finding.listed()).containsExactly(new Finding.WrongContact(HASH, Set.of(Part.CARD)));
    }

    @Test
    default void aChangeThatTheFeedWouldNeverTellIsFound() {
        assertThat(damaged("update contact set seq = seq + 1000" + ROW).parts()).containsExactly(Part.SEQ);
    }

    @Test
    default void aBookThatCannotBeReadIsFound() {
        assertThat(damaged("update book set contact_count = -1").parts()).containsExactly(Part.BOOK);
        execute("update book set contact_count = " + CONTACTS + ", issuer = 'another'");
        assertThat(((Result.Differs) scrubbed()).finding().parts()).containsExactly(Part.BOOK);
        execute("update book set issuer = ''");
        assertThat(((Result.Differs) scrubbed()).finding().parts()).containsExactly(Part.BOOK);
    }

    @Test
    default void ofManyWrongContactsTheFirstAreListed() {
        Finding finding = damaged("update contact set position = (position + 1) % 65536");

        assertThat(finding.contacts()).isEqualTo(CONTACTS);
        assertThat(finding.listed()).hasSize(Finding.MOST_LISTED).doesNotHaveDuplicates();
    }

    /** All slices belong to one state in the end; only those that changed are read again. */
    @Test
    default void aBookThatChangesMeanwhileIsComparedAsItIsInTheEnd() {
        fill(CONTACTS);
        BookScrub scrub = begin();
        List<Integer> costs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThat(scrub.step()).isEmpty();
        }
        apply(put(1, "Grace"), delete(2), put(1_000, "new"), put(349, "not read yet"));
        Optional<Result> result;
        do {
            result = scrub.step();
            costs.add(scrub.cost());
        } while (result.isEmpty() && costs.size() < 50);

        assertThat(result).contains(new Result.Agrees());
        assertThat(costs.stream().mapToInt(Integer::intValue).sum()).isLessThan(480);
        assertThat(costs).allMatch(cost -> cost <= 100);
    }

    /** The tree of the state at the beginning; what has changed since is found in the feed. */
    @Test
    default void theTreeOfALargeBookThatAgreesIsHandedOn() {
        for (boolean changes : new boolean[] {false, true}) {
            fill(CONTACTS);
            long begun = book().seq();
            List<BookTree> handed = new ArrayList<>();
            BookScrub scrub = scrubs(handed::add).begin(scrubs().next(0).orElseThrow());
            for (int i = 0; i < 3; i++) {
                assertThat(scrub.step()).isEmpty();
            }
            if (changes) {
                apply(put(1, "Grace"), delete(2), put(1_000, "new"), put(349, "not read yet"), delete(348));
            }
            assertThat(result(scrub)).isEqualTo(new Result.Agrees());

            assertThat(handed).hasSize(1);
            assertThat(handed.get(0).seq()).isEqualTo(begun);
            assertThat(inTransaction(() -> jpaStore().trees().save(handed.get(0))))
                    .isTrue();
            TreeReader reader = new TreeReader(jpaStore());
            assertThat(reader.nodes()).isEqualTo(reader.nodesOfContacts());
            assertThat(reader.taken()).containsExactly(Source.STORED);
            assertThat(reader.unfit()).isZero();
        }
    }

    @Test
    default void theTreeOfASmallOrDamagedBookIsNotHandedOn() {
        List<BookTree> handed = new ArrayList<>();
        fill(CONTACTS - 1);
        assertThat(result(scrubs(handed::add).begin(scrubs().next(0).orElseThrow())))
                .isEqualTo(new Result.Agrees());
        for (String damage : List.of("position = 70000", "entry_sum = cast('short' as bytea)", "card = null")) {
            jpaStore().emptied();
            fill(CONTACTS);
            execute("update contact set " + damage + ROW);
            assertThat(result(scrubs(handed::add).begin(scrubs().next(0).orElseThrow())))
                    .as(damage)
                    .isInstanceOf(Result.Differs.class);
        }
        assertThat(handed).isEmpty();
    }

    @Test
    default void aBookThatNeverRestsIsLeft() {
        fill(CONTACTS);
        BookScrub scrub = begin();
        Optional<Result> result = Optional.empty();
        for (int i = 0; i < 200 && result.isEmpty(); i++) {
            apply(put(i, "change " + i));
            result = scrub.step();
        }

        assertThat(result).contains(new Result.Restless());
    }

    @Test
    default void oneInstanceAtATimeScrubsAndAnotherGoesOnWhereItEnded() {
        Round first = inTransaction(() -> findings().claim("one", NOON, NOON.plusSeconds(60)))
                .orElseThrow();
        assertThat(first).isEqualTo(Round.first(NOON));
        assertThat(inTransaction(() -> findings().claim("two", NOON, NOON.plusSeconds(60))))
                .isEmpty();
        assertThat(inTransaction(() -> findings().save("two", first.passed(3), NOON.plusSeconds(70))))
                .isFalse();
        Round ended = first.passed(7).ended().begun(NOON.plusSeconds(9)).passed(5);
        assertThat(inTransaction(() -> findings().save("one", ended, NOON.plusSeconds(70))))
                .isTrue();
        assertThat(inTransaction(() -> findings().claim("two", NOON.plusSeconds(69), NOON.plusSeconds(130))))
                .isEmpty();

        assertThat(inTransaction(() -> findings().claim("two", NOON.plusSeconds(70), NOON.plusSeconds(130))))
                .contains(ended);
        assertThat(findings().figures()).isEqualTo(new Findings.Figures(Optional.of(ended), 0));
        assertThat(ended.age(NOON.plusSeconds(100))).isEqualTo(Duration.ofSeconds(100));
    }

    @Test
    default void aFindingIsToldOnceAndEndsWhenTheBookAgrees() {
        Finding finding = damaged("update contact set position = (position + 1) % 65536" + ROW);
        ScrubRows.Book book = scrubs().next(0).orElseThrow();

        assertThat(inTransaction(() -> findings().record(finding, NOON))).isTrue();
        assertThat(inTransaction(() -> findings().record(finding, NOON.plusSeconds(9))))
                .isFalse();
        assertThat(findings().page(0, 10)).containsExactly(new Findings.Found(finding, NOON, NOON.plusSeconds(9)));
        assertThat(findings().page(book.id(), 10)).isEmpty();
        assertThat(findings().figures().findings()).isEqualTo(1);
        assertThat(findings().due(NOON.plusSeconds(8), 10)).isEmpty();
        assertThat(findings().due(NOON.plusSeconds(9), 10)).containsExactly(book);

        execute("update book set contact_count = contact_count + 1");
        Finding more = ((Result.Differs) scrubbed()).finding();
        assertThat(inTransaction(() -> findings().record(more, NOON.plusSeconds(10))))
                .isTrue();
        assertThat(findings().page(0, 10)).containsExactly(new Findings.Found(more, NOON, NOON.plusSeconds(10)));
        assertThat(inTransaction(() -> findings().clear(book.id()))).isTrue();
        assertThat(inTransaction(() -> findings().clear(book.id()))).isFalse();
        assertThat(findings().page(0, 10)).isEmpty();
    }

    @Test
    default void booksComeInTheOrderOfTheirIds() {
        book();
        jpaStore().inTransaction(() -> jpaStore().books().lock(BOB).book());

        ScrubRows.Book first = scrubs().next(0).orElseThrow();
        ScrubRows.Book second = scrubs().next(first.id()).orElseThrow();

        assertThat(first.owner()).contains(ADA);
        assertThat(second.owner()).contains(BOB);
        assertThat(scrubs().next(second.id())).isEmpty();
    }

    private Finding damaged(String sql) {
        fill(CONTACTS);
        execute(sql);
        Result result = scrubbed();
        assertThat(result).isInstanceOf(Result.Differs.class);
        return ((Result.Differs) result).finding();
    }

    private Result scrubbed() {
        return result(begin());
    }

    private static Result result(BookScrub scrub) {
        for (int steps = 0; steps < 50; steps++) {
            Optional<Result> result = scrub.step();
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new AssertionError("the scrub does not end");
    }

    private BookScrub begin() {
        return scrubs().begin(scrubs().next(0).orElseThrow());
    }

    private Scrubs scrubs() {
        return scrubs(tree -> {});
    }

    private Scrubs scrubs(Consumer<BookTree> trees) {
        return new Scrubs(
                jpaStore().books(),
                jpaStore().contacts(),
                new JpaScrubRows(jpaStore().entityManager()),
                trees,
                CONTACTS);
    }

    private Findings findings() {
        return new JpaFindings(jpaStore().entityManager());
    }

    private BookState book() {
        return jpaStore().inTransaction(() -> jpaStore().books().lock(ADA).book());
    }

    private void fill(int contacts) {
        apply(IntStream.range(0, contacts).mapToObj(n -> put(n, "contact-" + n)).toArray(Change[]::new));
    }

    private void apply(Change... changes) {
        jpaStore().change(ADA, changes);
    }

    private void execute(String sql) {
        jpaStore().inTransaction(() -> jpaStore().execute(sql));
    }

    private <T> T inTransaction(java.util.function.Supplier<T> work) {
        return jpaStore().inTransaction(work);
    }
}
