package org.contactsync.store.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.request.Change;
import org.jspecify.annotations.Nullable;

/** A row of {@code staged_change}: a put with a card, or a delete without one. */
@Entity(name = "StagedChange")
@Table(name = "staged_change")
@IdClass(StagedChangeRow.Key.class)
@SuppressWarnings("NullAway.Init") // filled by JPA
public class StagedChangeRow {
    @Id
    @Column(name = "task_id")
    private UUID taskId;

    @Id
    private byte[] uid;

    private byte @Nullable [] card;
    private boolean expects;

    @Column(name = "expected_hash")
    private byte @Nullable [] expectedHash;

    protected StagedChangeRow() {}

    public StagedChangeRow(UUID taskId, Change change) {
        this.taskId = taskId;
        uid = change.uid().utf8();
        card = change instanceof Change.Put put ? put.card().utf8() : null;
        expects = change.expected().isPresent();
        expectedHash = change.expected()
                .flatMap(Change.Expected::hash)
                .map(ContentHash::bytes)
                .orElse(null);
    }

    public Change change() {
        Optional<Change.Expected> expected = expects
                ? Optional.of(
                        new Change.Expected(Optional.ofNullable(expectedHash).map(ContentHash::of)))
                : Optional.empty();
        return card == null
                ? new Change.Delete(Uid.of(uid), expected)
                : new Change.Put(Uid.of(uid), CanonicalCard.ofTrusted(card), expected);
    }

    /** The primary key. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private UUID taskId;
        private byte[] uid;

        protected Key() {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Objects.equals(taskId, key.taskId) && Arrays.equals(uid, key.uid);
        }

        @Override
        public int hashCode() {
            return Objects.hash(taskId, Arrays.hashCode(uid));
        }
    }
}
