package org.contactsync.sync.history;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.Examples;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.BookPages.Leaf;
import org.junit.jupiter.api.Test;

/** The comparison of a book with what it was. */
class PastBookTest {
    private static final CheckKey KEY = CheckKey.of(new byte[CheckKey.BYTES]);
    private static final int CONTACTS = 9_000;

    /** What was read, in the order in which it was. */
    private final List<String> reads = new ArrayList<>();

    /** However few contacts one of the two places has, it is not looked through again for each slice of the other one. */
    @Test
    void everyPlaceIsReadOnce() {
        List<StoredContact> all = IntStream.range(0, CONTACTS)
                .mapToObj(n -> Examples.contact(new Uid(String.format(Locale.ROOT, "uid-%06d", n)), "Ada", 1))
                .toList();
        List<PastLeaf> ended = all.stream()
                .filter(contact -> contact.uid().value().endsWith("4500"))
                .map(contact -> leaf(contact, OptionalLong.of(2)))
                .toList();
        List<PastLeaf> unchanged = all.stream()
                .filter(contact -> !contact.uid().value().endsWith("4500"))
                .map(contact -> leaf(contact, OptionalLong.empty()))
                .toList();
        List<Leaf> present = all.stream()
                .map(contact -> new Leaf(
                        contact.uid(), contact.now().orElseThrow().hash(), contact.position(), contact.entry()))
                .toList();
        BookDigest digest = BookDigest.EMPTY;
        for (StoredContact contact : all) {
            digest = digest.plus(contact.entry());
        }
        PastState state = new PastState(1, 0, new CheckCodes(KEY).checkCode(digest));
        List<Difference> found = new ArrayList<>();

        BookState replaced = book(1, BookDigest.EMPTY);

        long count =
                new PastBook(history(unchanged, ended, List.of()), pages(present)).compare(replaced, state, found::add);

        assertThat(count).isEqualTo(CONTACTS);
        assertThat(found).isEmpty();
        assertThat(reads.stream().filter("ended"::equals)).hasSize(1);
        assertThat(reads.stream().filter("unchanged"::equals)).hasSize(5);
    }

    /** However large the book is: what no task has written since is the same, and only counted. */
    @Test
    void onlyWhatWasWrittenIsRead() {
        StoredContact unwritten = Examples.contact(new Uid("a"), "Ada", 1);
        StoredContact before = Examples.contact(new Uid("b"), "Bob", 1);
        StoredContact after = Examples.contact(new Uid("b"), "Bobby", 2);
        StoredContact deleted = Examples.contact(new Uid("c"), "Cleo", 1);
        StoredContact added = Examples.contact(new Uid("d"), "Dora", 2);
        StoredContact back = Examples.contact(new Uid("e"), "Eve", 1);
        BookDigest then = digest(unwritten, before, deleted, back);
        PastState state = new PastState(1, 0, new CheckCodes(KEY).checkCode(then));
        BookHistory history = history(
                List.of(),
                List.of(
                        leaf(before, OptionalLong.of(2)),
                        leaf(deleted, OptionalLong.of(3)),
                        leaf(back, OptionalLong.of(2))),
                List.of(
                        leaf(after, OptionalLong.empty()),
                        leaf(added, OptionalLong.empty()),
                        leaf(back, OptionalLong.empty())));
        List<Difference> found = new ArrayList<>();

        long count = new PastBook(history, pages(List.of()))
                .compare(book(0, digest(unwritten, after, added, back)), state, found::add);

        assertThat(count).isEqualTo(4);
        assertThat(found).extracting(each -> each.uid().value()).containsExactly("b", "c", "d");
        assertThat(found)
                .extracting(each -> each.past().isPresent(), each -> each.now().isPresent())
                .containsExactly(tuple(true, true), tuple(true, false), tuple(false, true));
        assertThat(reads).containsExactlyInAnyOrder("ended", "written");
    }

    /** The code that was recorded then is the judge, as when all is read. */
    @Test
    void whatDoesNotComeToTheRecordedCodeIsRefused() {
        StoredContact kept = Examples.contact(new Uid("a"), "Ada", 1);
        StoredContact added = Examples.contact(new Uid("d"), "Dora", 2);
        PastState state = new PastState(1, 0, new CheckCodes(KEY).checkCode(digest(kept, added)));
        PastBook past = new PastBook(
                history(List.of(), List.of(), List.of(leaf(added, OptionalLong.empty()))), pages(List.of()));

        for (BookDigest now : List.of(digest(kept, added), BookDigest.EMPTY)) {
            assertThatThrownBy(() -> past.compare(book(0, now), state, difference -> {}))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().type()).isEqualTo(ProblemType.HISTORY_EXPIRED));
        }
    }

    private static BookDigest digest(StoredContact... contacts) {
        BookDigest digest = BookDigest.EMPTY;
        for (StoredContact contact : contacts) {
            digest = digest.plus(contact.entry());
        }
        return digest;
    }

    private static PastLeaf leaf(StoredContact contact, OptionalLong until) {
        return new PastLeaf(contact.uid(), contact.now().orElseThrow().hash(), contact.entry(), 100, until);
    }

    private BookHistory history(List<PastLeaf> unchanged, List<PastLeaf> ended, List<PastLeaf> written) {
        Map<String, List<PastLeaf>> places = Map.of("unchanged", unchanged, "ended", ended, "written", written);
        return proxy(
                BookHistory.class,
                (method, after, most) -> slice(requireNonNull(places.get(method)), PastLeaf::uid, after, most));
    }

    private BookPages pages(List<Leaf> present) {
        return proxy(BookPages.class, (method, after, most) -> slice(present, Leaf::uid, after, most));
    }

    private interface Read {
        List<?> of(String method, Optional<Uid> after, int most);
    }

    /** Has the methods that take a uid and a number at their end. */
    @SuppressWarnings("unchecked")
    private <T> T proxy(Class<T> type, Read read) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    reads.add(method.getName());
                    int last = arguments.length - 1;
                    return read.of(method.getName(), (Optional<Uid>) arguments[last - 1], (int) arguments[last]);
                }));
    }

    private static <T> List<T> slice(List<T> all, Function<T, Uid> uid, Optional<Uid> after, int most) {
        return all.stream()
                .filter(each ->
                        after.map(last -> uid.apply(each).compareTo(last) > 0).orElse(true))
                .limit(most)
                .toList();
    }

    private static BookState book(long generation, BookDigest digest) {
        return new BookState(
                3, Examples.ADA, KEY, generation, generation, digest, OptionalLong.of(0), 7, 0, 0, Optional.empty(), 5);
    }
}
