package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BookDigestPropertiesTest {
    private static final EntrySum ENTRY = new EntrySum(1, 2, 3, 4);

    @Property
    void doesNotDependOnTheOrderInWhichContactsCame(@ForAll("entries") List<EntrySum> entries, @ForAll Random random) {
        List<EntrySum> shuffled = new ArrayList<>(entries);
        Collections.shuffle(shuffled, random);

        assertThat(digest(shuffled)).isEqualTo(digest(entries));
    }

    @Property
    void forgetsAContactThatIsTakenAwayAgain(
            @ForAll("entries") List<EntrySum> stay, @ForAll("entries") List<EntrySum> leave) {
        BookDigest all = digest(stay);
        for (EntrySum entry : leave) {
            all = all.plus(entry);
        }

        for (EntrySum entry : leave) {
            all = all.minus(entry);
        }

        assertThat(all).isEqualTo(digest(stay));
    }

    @Property
    void countsItsContacts(@ForAll("entries") List<EntrySum> entries) {
        assertThat(digest(entries).count()).isEqualTo(entries.size());
    }

    @Example
    void theSameSumOfMoreContactsIsAnotherDigest() {
        assertThat(new BookDigest(1, ENTRY)).isNotEqualTo(new BookDigest(2, ENTRY));
    }

    @Example
    void nothingCanBeTakenFromAnEmptyBook() {
        assertThatThrownBy(() -> BookDigest.EMPTY.minus(ENTRY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count: at least 0, not -1");
    }

    @Example
    void aBookMayHoldNoContacts() {
        assertThat(BookDigest.EMPTY.plus(ENTRY).minus(ENTRY)).isEqualTo(BookDigest.EMPTY);
    }

    @Provide
    Arbitrary<List<EntrySum>> entries() {
        Arbitrary<Long> words = Arbitraries.longs();
        return Combinators.combine(words, words, words, words)
                .as(EntrySum::new)
                .list()
                .ofMaxSize(20);
    }

    private static BookDigest digest(List<EntrySum> entries) {
        BookDigest digest = BookDigest.EMPTY;
        for (EntrySum entry : entries) {
            digest = digest.plus(entry);
        }
        return digest;
    }
}
