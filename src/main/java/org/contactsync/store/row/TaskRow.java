package org.contactsync.store.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.store.sql.Named;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.UploadProgress;
import org.jspecify.annotations.Nullable;

/** A row of {@code sync_task}. */
@Entity(name = "Task")
@Table(name = "sync_task")
@SuppressWarnings("NullAway.Init") // filled by JPA
public class TaskRow {
    @Id
    private UUID id;

    @Column(name = "book_id")
    private long bookId;

    @Enumerated(EnumType.STRING)
    private TaskKind kind;

    @Enumerated(EnumType.STRING)
    private TaskState state;

    private @Nullable String device;

    @Enumerated(EnumType.STRING)
    private Priority priority;

    @Column(name = "accepted_at_micros")
    private long acceptedAtMicros;

    @Column(name = "request_digest")
    private String requestDigest;

    @Column(name = "first_code")
    private String firstCode;

    @Column(name = "reply_queue")
    private String replyQueue;

    @Column(name = "reply_correlation")
    private UUID replyCorrelation;

    @Column(name = "expires_at_millis")
    private long expiresAtMillis;

    private int attempts;

    @Column(name = "answer_status")
    private @Nullable Integer answerStatus;

    @Column(name = "answer_code")
    private @Nullable String answerCode;

    @Column(name = "answer_retry_seconds")
    private @Nullable Integer answerRetrySeconds;

    @Column(name = "answer_body")
    private byte @Nullable [] answerBody;

    @Column(name = "seq_after")
    private @Nullable Long seqAfter;

    @Column(name = "code_after")
    private @Nullable String codeAfter;

    protected TaskRow() {}

    public TaskRow(SyncTask task) {
        id = task.id().value();
        bookId = task.book();
        kind = task.kind();
        device = task.device().map(DeviceId::value).orElse(null);
        priority = task.priority();
        requestDigest = task.digest().hex();
        firstCode = task.firstCode().value();
        replyQueue = task.replyTo().queue();
        replyCorrelation = task.replyTo().correlation();
        become(task);
    }

    /** Copies the values that change in the life of a task. */
    public final void become(SyncTask task) {
        state = task.state();
        acceptedAtMicros = micros(task.acceptedAt());
        expiresAtMillis = task.expiresAt().toEpochMilli();
        attempts = task.attempts();
        answerStatus = task.answer().map(Answer::status).orElse(null);
        answerCode =
                task.answer().flatMap(Answer::checkCode).map(CheckCode::value).orElse(null);
        answerRetrySeconds = task.answer()
                .flatMap(Answer::retryAfter)
                .map(after -> (int) after.toSeconds())
                .orElse(null);
        answerBody = task.answer()
                .map(answer -> answer.body().getBytes(StandardCharsets.UTF_8))
                .orElse(null);
        seqAfter = task.applied().map(SyncTask.Applied::seq).orElse(null);
        codeAfter = task.applied().map(applied -> applied.code().value()).orElse(null);
    }

    public SyncTask task(Optional<UploadProgress> upload) {
        return new SyncTask(
                new TaskId(id),
                bookId,
                kind,
                state,
                Optional.ofNullable(device).map(DeviceId::new),
                priority,
                Instant.EPOCH.plus(acceptedAtMicros, ChronoUnit.MICROS),
                new RequestDigest(requestDigest),
                new CheckCode(firstCode),
                new ReplyTo(replyQueue, replyCorrelation),
                Instant.ofEpochMilli(expiresAtMillis),
                attempts,
                answer(),
                applied(),
                upload);
    }

    /** Sets the parameters of a statement that adds the row; the task has finished. */
    public void bind(Named insert) {
        insert.set("task", id)
                .set("kind", kind.name())
                .set("state", state.name())
                .set("priority", priority.name())
                .set("acceptedAt", acceptedAtMicros)
                .set("requestDigest", requestDigest)
                .set("firstCode", firstCode)
                .set("replyQueue", replyQueue)
                .set("replyCorrelation", replyCorrelation)
                .set("expiresAt", expiresAtMillis)
                .set("attempts", attempts)
                .set("answerStatus", answerStatus)
                .set("answerBody", answerBody)
                .set("device", device)
                .set("answerCode", answerCode)
                .set("answerRetry", answerRetrySeconds)
                .set("seqAfter", seqAfter)
                .set("codeAfter", codeAfter);
    }

    public boolean isUpload() {
        return kind != TaskKind.INCREMENTAL;
    }

    public CheckCode firstCode() {
        return new CheckCode(firstCode);
    }

    public TaskKind kind() {
        return kind;
    }

    public UUID id() {
        return id;
    }

    public static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    private Optional<Answer> answer() {
        if (answerStatus == null) {
            return Optional.empty();
        }
        return Optional.of(new Answer(
                answerStatus,
                Optional.ofNullable(answerCode).map(CheckCode::new),
                Optional.empty(),
                Optional.ofNullable(answerRetrySeconds).map(Duration::ofSeconds),
                answerBody == null ? "" : new String(answerBody, StandardCharsets.UTF_8)));
    }

    private Optional<SyncTask.Applied> applied() {
        return seqAfter == null || codeAfter == null
                ? Optional.empty()
                : Optional.of(new SyncTask.Applied(seqAfter, new CheckCode(codeAfter)));
    }
}
