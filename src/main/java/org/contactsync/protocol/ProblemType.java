package org.contactsync.protocol;

import java.util.Locale;

/**
 * Every problem that a client can meet, with its HTTP status and what the client does next. The same table stands in
 * {@code docs/protocol.md}, and a test compares the two.
 */
public enum ProblemType {
    MALFORMED_REQUEST(
            400, "The request is not well formed", "Correct the request; repeating it unchanged never helps."),
    MALFORMED_JSON(400, "The body is not JSON", "Correct the body; repeating it unchanged never helps."),
    DIGEST_MISMATCH(400, "The body is not what its digest says", "Send the same chunk again."),
    UNAUTHORIZED(401, "A valid token is needed", "Get a new token and send the request again."),
    FORBIDDEN(403, "The token does not allow this", "Use the token of an administrator."),
    NOT_FOUND(404, "There is no such thing", "Check the address; a task is forgotten after its retention."),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here", "Use a method that the Allow header names."),
    NOT_ACCEPTABLE(406, "No acceptable form exists", "Accept application/json."),
    REQUEST_TIMEOUT(
            408, "The body came too slowly", "Send the same request again, with less at once when it is slow again."),
    CHUNK_OUT_OF_ORDER(409, "Another chunk is expected", "Send the chunk that `expected` names."),
    CHUNK_CONFLICT(409, "This chunk came before with other content", "Cancel the upload and start it again."),
    CHUNKS_MISSING(409, "Not all chunks have come", "Send the chunks from `nextChunk` on, then commit again."),
    RESULT_CODE_MISMATCH(
            409, "The result is not what the client predicted", "Compare with the digest tree and send a repair task."),
    MASS_DELETE_SUSPECTED(
            409, "Most of the book would be deleted", "Ask the user, then send again with confirmDeletes true."),
    CONTACT_CONFLICT(409, "Contacts are not as expected", "Read the named contacts, merge, and send a new task."),
    BOOK_NOT_EMPTY(409, "The book is not empty", "Send a replace or an incremental sync instead."),
    TASK_WAITING(409, "Another task holds the queue", "Wait for the task's turn, then send the chunk again."),
    TASK_FINISHED(409, "The task has finished", "Read the task; nothing more can be sent to it."),
    TASK_FAILED(409, "The task was given up", "Send it again with a new key; tell the operator when it fails again."),
    QUEUE_FULL(409, "Too many tasks are waiting", "Wait as Retry-After says, and until a task has finished."),
    IDEMPOTENCY_KEY_IN_PROGRESS(
            409, "The first request with this key is still being worked on", "Read the task that `task` names."),
    TASK_EXPIRED(
            410,
            "The task was not continued, or could not run, in time",
            "Send it again with a new key, an upload anew."),
    CHANGES_EXPIRED(410, "The changes since then are no longer kept", "Compare with the digest tree."),
    CHECK_CODE_MISMATCH(
            412, "The book is not the one the task was made from", "Apply what was missed and send a new task."),
    CONTENT_TOO_LARGE(413, "The request is too large", "Send less at once: capabilities tells how much."),
    UNSUPPORTED_MEDIA_TYPE(415, "The body has a form that is not read here", "Send application/json, plain or gzip."),
    INVALID_CONTACTS(422, "Contacts are not valid", "Correct or leave out the named contacts."),
    BOOK_FULL(422, "The book would be too large", "Delete contacts first, or tell the user."),
    IDEMPOTENCY_KEY_REUSED(422, "The key was used for another request", "Use a new key for each new request."),
    CHECK_CODE_REQUIRED(428, "The first check code is missing", "Send it in If-Match."),
    QUOTA_EXCEEDED(
            429, "A quota of this user is used up", "Wait as Retry-After says, then send the same request again."),
    INTERNAL_ERROR(500, "The server failed", "Send the same request again, with the same key, later."),
    UNAVAILABLE(503, "The service is not able to answer now", "Send the same request again after Retry-After.");

    private final int status;
    private final String title;
    private final String next;

    ProblemType(int status, String title, String next) {
        this.status = status;
        this.title = title;
        this.next = next;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public String next() {
        return next;
    }

    /** E.g. {@code check-code-mismatch}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** E.g. {@code urn:contact-sync:problem:check-code-mismatch}. */
    public String uri() {
        return "urn:contact-sync:problem:" + code();
    }
}
