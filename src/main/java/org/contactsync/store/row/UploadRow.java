package org.contactsync.store.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.UploadProgress;
import org.jspecify.annotations.Nullable;

/** A row of {@code upload}: the data that only uploads have. */
@Entity(name = "Upload")
@Table(name = "upload")
@SuppressWarnings("NullAway.Init") // filled by JPA
public class UploadRow {
    @Id
    @Column(name = "task_id")
    private UUID taskId;

    @Column(name = "book_id")
    private long bookId;

    @Column(name = "check_after")
    private @Nullable String checkAfter;

    private int chunks;
    private long contacts;

    @Column(name = "confirm_deletes")
    private boolean confirmDeletes;

    private long generation;

    @Column(name = "next_chunk")
    private int nextChunk;

    private long received;

    @Column(name = "staged_count")
    private long stagedCount;

    @Column(name = "staged_sum")
    private byte[] stagedSum;

    private long puts;
    private long deletes;

    protected UploadRow() {}

    public UploadRow(SyncTask task, UploadProgress progress) {
        UploadPlan plan = progress.plan();
        taskId = task.id().value();
        bookId = task.book();
        checkAfter = plan.checkAfter().map(CheckCode::value).orElse(null);
        chunks = plan.chunks();
        contacts = plan.contacts();
        confirmDeletes = plan.confirmDeletes();
        become(progress);
    }

    public final void become(UploadProgress progress) {
        generation = progress.generation();
        nextChunk = progress.nextChunk();
        received = progress.received();
        stagedCount = progress.staged().count();
        stagedSum = progress.staged().sum().bytes();
        puts = progress.puts();
        deletes = progress.deletes();
    }

    public UploadProgress progress(TaskKind kind, CheckCode checkBefore) {
        Optional<CheckCode> after = Optional.ofNullable(checkAfter).map(CheckCode::new);
        return new UploadProgress(
                new UploadPlan(kind, checkBefore, chunks, contacts, after, confirmDeletes),
                generation,
                nextChunk,
                received,
                new BookDigest(stagedCount, EntrySum.of(stagedSum)),
                puts,
                deletes);
    }
}
