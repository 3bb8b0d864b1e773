package org.contactsync.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookReadings;
import org.junit.jupiter.api.Test;

class BookLooksTest {
    private static final Owner ADA = new Owner("https://issuer.example", "ada");

    private final List<Runnable> work = new ArrayList<>();
    private final List<Feed> told = new ArrayList<>();
    private final Feed feed = new Feed(ADA, 0, 0);

    @Test
    void tellsWhatALostEventWouldHaveTold() {
        BookState book = book(8);
        BookNews before = new BookNews(7, BookReadings.checkCode(book), Optional.empty());
        feed.begun(before);
        BookLooks looks = new BookLooks(work::add, owners -> List.of(book), told::add);

        looks.start(List.of(feed));
        assertThat(looks.areFree()).isFalse();
        work.remove(0).run();

        assertThat(told).containsExactly(feed);
        assertThat(feed.newsFor(before)).map(BookNews::seq).contains(8L);
        assertThat(looks.areFree()).isTrue();

        looks.start(List.of(feed));
        work.remove(0).run();
        assertThat(told).as("the same again").hasSize(1);
    }

    @Test
    void goesOnAfterALookThatFails() {
        BookLooks looks = new BookLooks(
                work::add,
                owners -> {
                    throw new IllegalStateException("no database");
                },
                told::add);

        looks.start(List.of(feed));
        work.remove(0).run();

        assertThat(looks.areFree()).isTrue();
        assertThat(told).isEmpty();
    }

    private static BookState book(long seq) {
        return new BookState(
                1,
                ADA,
                CheckKey.of(new byte[CheckKey.BYTES]),
                0,
                0,
                BookDigest.EMPTY,
                OptionalLong.of(0),
                seq,
                0,
                0,
                Optional.empty(),
                0);
    }
}
