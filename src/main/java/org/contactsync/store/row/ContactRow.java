package org.contactsync.store.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.sync.book.StoredContact;
import org.jspecify.annotations.Nullable;

/** A row of {@code contact}; a tombstone has neither card nor hash. */
@Entity(name = "Contact")
@Table(name = "contact")
@IdClass(ContactKey.class)
@SuppressWarnings("NullAway.Init") // filled by JPA
public class ContactRow {
    @Id
    @Column(name = "book_id")
    private long bookId;

    @Id
    private long generation;

    @Id
    private byte[] uid;

    private byte @Nullable [] card;

    @Column(name = "content_hash")
    private byte @Nullable [] contentHash;

    private int position;

    @Column(name = "entry_sum")
    private byte[] entrySum;

    private long seq;
    private @Nullable String device;

    /** A new row has none; written by statements only. */
    @Column(insertable = false)
    private byte @Nullable [] alternation;

    protected ContactRow() {}

    public ContactRow(long bookId, long generation, StoredContact contact) {
        this.bookId = bookId;
        this.generation = generation;
        this.uid = contact.uid().utf8();
        card = contact.now().map(content -> content.card().utf8()).orElse(null);
        contentHash = contact.now().map(content -> content.hash().bytes()).orElse(null);
        position = contact.position().value();
        entrySum = contact.entry().bytes();
        seq = contact.seq();
        device = contact.device().map(DeviceId::value).orElse(null);
    }

    public StoredContact contact() {
        Optional<Content> now = card == null || contentHash == null
                ? Optional.empty()
                : Optional.of(new Content(CanonicalCard.ofTrusted(card), ContentHash.of(contentHash)));
        return new StoredContact(
                Uid.of(uid),
                now,
                new Position(position),
                EntrySum.of(entrySum),
                seq,
                Optional.ofNullable(device).map(DeviceId::new));
    }
}
