package org.contactsync.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.reading.BookReadings;

/** Compares feeds with the database, in another thread, one look after the other. Thread-safe. */
final class BookLooks {
    /** For all books of a look; the next one comes after it. */
    static final Duration LONGEST = Duration.ofSeconds(15);

    private static final FailureLog LOG = FailureLog.of(BookLooks.class);

    private final Executor executor;
    private final Function<List<Owner>, List<BookState>> read;
    private final Consumer<Feed> tell;
    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * @param read the books of owners, as far as they have one
     * @param tell called with a feed whose state was another one
     */
    BookLooks(Executor executor, Function<List<Owner>, List<BookState>> read, Consumer<Feed> tell) {
        this.executor = executor;
        this.read = read;
        this.tell = tell;
    }

    boolean areFree() {
        return !looking.get();
    }

    /** Begins a look, if none is going on; what it leaves out is looked at the next time. */
    void start(List<Feed> feeds) {
        if (feeds.isEmpty() || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> {
                try {
                    look(feeds);
                } catch (RuntimeException e) {
                    LOG.warning("books of listeners not read; trying again", e);
                } finally {
                    looking.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            looking.set(false);
        }
    }

    private void look(List<Feed> feeds) {
        Map<Owner, Long> versions = new HashMap<>();
        List<Owner> owners = new ArrayList<>();
        for (Feed feed : feeds) {
            versions.put(feed.owner(), feed.version());
            owners.add(feed.owner());
        }
        Map<Owner, BookNews> found = new HashMap<>();
        for (BookState book : Deadline.in(LONGEST, System::nanoTime).during(() -> read.apply(owners))) {
            found.put(book.owner(), new BookNews(book.seq(), BookReadings.checkCode(book), Optional.empty()));
        }
        for (Feed feed : feeds) {
            BookNews news = found.get(feed.owner());
            if (news != null && feed.looked(news, versions.getOrDefault(feed.owner(), -1L))) {
                tell.accept(feed);
            }
        }
    }
}
