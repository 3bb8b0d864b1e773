package org.contactsync.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Query;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.ReplyTo;
import org.contactsync.sync.RequestDigest;
import org.contactsync.sync.SyncTask;
import org.contactsync.sync.UploadProgress;
import org.jspecify.annotations.Nullable;

/** A row of {@code sync_task}. */
@Entity(name = "Task")
@Table(name = "sync_task")
@SuppressWarnings("NullAway.Init") // filled by JPA
class TaskRow {
    /** Of a row that is written in SQL; {@link #VALUES} and {@link #bind} have their order. */
    static final String COLUMNS =
            "id, kind, state, priority, accepted_at_micros, request_digest, first_code, reply_queue,"
                    + " reply_correlation, expires_at_millis, attempts, answer_status, answer_body, device, answer_code,"
                    + " answer_retry_seconds, seq_after, code_after";

    static final int FIRST_VALUE = 12;

    /** Parameters from {@link #FIRST_VALUE} on. Those that may be absent have a type: PostgreSQL takes no untyped null. */
    static final String VALUES =
            "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, cast(?25 as varchar),"
                    + " cast(?26 as varchar), cast(?27 as integer), cast(?28 as bigint), cast(?29 as varchar)";

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

    TaskRow(SyncTask task) {
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

    /** Takes over what changes in a task's life. */
    final void become(SyncTask task) {
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

    SyncTask task(Optional<UploadProgress> upload) {
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

    /** Sets the parameters of {@link #VALUES}; the task has finished. */
    void bind(Query query) {
        List<@Nullable Object> values = Arrays.asList(
                id,
                kind.name(),
                state.name(),
                priority.name(),
                acceptedAtMicros,
                requestDigest,
                firstCode,
                replyQueue,
                replyCorrelation,
                expiresAtMillis,
                attempts,
                answerStatus,
                answerBody,
                device,
                answerCode,
                answerRetrySeconds,
                seqAfter,
                codeAfter);
        for (int i = 0; i < values.size(); i++) {
            query.setParameter(FIRST_VALUE + i, values.get(i));
        }
    }

    boolean isUpload() {
        return kind != TaskKind.INCREMENTAL;
    }

    CheckCode firstCode() {
        return new CheckCode(firstCode);
    }

    TaskKind kind() {
        return kind;
    }

    UUID id() {
        return id;
    }

    static long micros(Instant at) {
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
