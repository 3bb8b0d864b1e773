package org.contactsync.store.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import java.util.UUID;
import org.contactsync.sync.upload.Staging;
import org.jspecify.annotations.Nullable;

/** A row of {@code upload_chunk}: an acknowledged chunk with its acknowledgement. */
@Entity(name = "Chunk")
@Table(name = "upload_chunk")
@IdClass(ChunkRow.Key.class)
@SuppressWarnings("NullAway.Init") // filled by JPA
public class ChunkRow {
    @Id
    @Column(name = "task_id")
    private UUID taskId;

    @Id
    private int number;

    private String digest;
    private String acknowledgement;

    /** Null in a row written by a version that did not know the column. */
    @Column(name = "staged_bytes")
    private @Nullable Long stagedBytes;

    @Column(name = "growth_bytes")
    private @Nullable Long growthBytes;

    protected ChunkRow() {}

    public ChunkRow(UUID taskId, int number, String digest, String acknowledgement, Staging.Bytes bytes) {
        this.taskId = taskId;
        this.number = number;
        this.digest = digest;
        this.acknowledgement = acknowledgement;
        stagedBytes = bytes.staged();
        growthBytes = bytes.growth();
    }

    public String digest() {
        return digest;
    }

    /** The body of the answer. */
    public String acknowledgement() {
        return acknowledgement;
    }

    /** The primary key. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private UUID taskId;
        private int number;

        protected Key() {}

        public Key(UUID taskId, int number) {
            this.taskId = taskId;
            this.number = number;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && number == key.number && Objects.equals(taskId, key.taskId);
        }

        @Override
        public int hashCode() {
            return Objects.hash(taskId, number);
        }
    }
}
