package org.contactsync.sync.reading;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.task.Tasks;

/** Reads what changed in a book since a check code. Thread-safe; reads only. */
public final class ChangesFeed implements Feed {
    private static final RowPage.Bounds INLINE = new RowPage.Bounds(Missed.INLINE_CHANGES, Missed.INLINE_BYTES);

    private final Contacts contacts;
    private final Tasks tasks;

    public ChangesFeed(Contacts contacts, Tasks tasks) {
        this.contacts = contacts;
        this.tasks = tasks;
    }

    @Override
    public Optional<Long> known(BookState book, CheckCodes codes, CheckCode first) {
        return Optional.ofNullable(known(book, codes, List.of(first)).get(first));
    }

    /** The same for several codes, read together; without those that are not known. */
    public Map<CheckCode, Long> known(BookState book, CheckCodes codes, List<CheckCode> firsts) {
        Map<CheckCode, Long> known = new HashMap<>();
        CheckCode empty = codes.checkCode(BookDigest.EMPTY);
        List<CheckCode> asked = new ArrayList<>(firsts);
        if (book.changesFrom() == 0 && asked.remove(empty)) {
            known.put(empty, 0L);
        }
        if (!asked.isEmpty()) {
            known.putAll(tasks.seqsOf(book.id(), asked));
        }
        known.values().removeIf(seq -> seq < book.changesFrom());
        return known;
    }

    @Override
    public Missed since(BookState book, long seq) {
        RowPage page = page(book, seq, Optional.empty(), INLINE);
        List<BookChange> changes = page.rows().stream().map(ChangesFeed::change).toList();
        return page.more() ? cut(changes, seq) : new Missed(changes, Optional.empty());
    }

    /** All rows after a sequence number; empty if they are more than are sent inline. */
    public Optional<List<StoredContact>> whole(BookState book, long seq) {
        RowPage page = page(book, seq, Optional.empty(), INLINE);
        return page.more() ? Optional.empty() : Optional.of(page.rows());
    }

    /** These rows as they are sent, if all of them are. */
    public Optional<Missed> inline(List<StoredContact> rows) {
        RowPage page = RowPage.of(rows, INLINE);
        return page.more()
                ? Optional.empty()
                : Optional.of(new Missed(rows.stream().map(ChangesFeed::change).toList(), Optional.empty()));
    }

    /** Rows after a sequence number, and after a uid within the next one. */
    RowPage page(BookState book, long seq, Optional<Uid> after, RowPage.Bounds bounds) {
        return contacts.changedSince(book.id(), book.generation(), seq, after, bounds);
    }

    static BookChange change(StoredContact row) {
        return new BookChange(row.seq(), row.uid(), row.now(), row.device());
    }

    /** Ends with a complete sequence number, so that the feed can continue after it. */
    private static Missed cut(List<BookChange> changes, long since) {
        if (changes.isEmpty()) {
            return new Missed(List.of(), Optional.of(since));
        }
        long last = changes.get(changes.size() - 1).seq();
        List<BookChange> whole =
                changes.stream().filter(change -> change.seq() < last).toList();
        return new Missed(whole, Optional.of(whole.isEmpty() ? since : last - 1));
    }
}
