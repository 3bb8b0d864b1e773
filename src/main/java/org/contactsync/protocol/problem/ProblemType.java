package org.contactsync.protocol.problem;

import java.util.Locale;

/**
 * Every problem that a client can meet, with its HTTP status and what the client does next. The same table stands in
 * {@code docs/protocol.md}, and a test compares the two.
 */
public enum ProblemType {
    MALFORMED_REQUEST(400, "The request is malformed", "Correct the request. Repeating it unchanged will not help."),
    MALFORMED_JSON(400, "The body is not valid JSON", "Correct the body. Repeating it unchanged will not help."),
    DIGEST_MISMATCH(400, "The body does not match its digest", "Send the same chunk again."),
    UNAUTHORIZED(401, "A valid token is required", "Get a new token and send the request again."),
    FORBIDDEN(
            403, "The token does not allow this", "Use an operator's token. Request development tokens at localhost."),
    NOT_FOUND(404, "Not found", "Check the path. A finished task is forgotten after some time."),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here", "Use a method that the Allow header lists."),
    NOT_ACCEPTABLE(
            406,
            "No acceptable format is available",
            "Accept a format that the resource has, usually application/json."),
    REQUEST_TIMEOUT(
            408, "The body arrived too slowly", "Send the same request again. If it is slow again, send less at once."),
    CHUNK_OUT_OF_ORDER(409, "Another chunk is expected", "Send the chunk named by `expected`."),
    CHUNK_CONFLICT(409, "This chunk number was used for other content", "Cancel the upload and open a new one."),
    CHUNKS_MISSING(409, "Chunks are missing", "Send the chunks from `nextChunk` on, then commit again."),
    RESULT_CODE_MISMATCH(
            409,
            "The result is not what the client predicted",
            "Compare the books with the digest tree, then send a repair task."),
    MASS_DELETE_SUSPECTED(
            409,
            "Most of the book would be deleted",
            "Ask the user, then send the request again with confirmDeletes set to true."),
    CONTACT_CONFLICT(
            409, "Contacts do not have the expected content", "Merge the listed contacts, and send a new task."),
    SYNC_LOOP(
            409,
            "Two devices change contacts back and forth",
            "Do not repeat it by yourself. Ask the user which content is right, and send that with Priority u=1."),
    BOOK_NOT_EMPTY(409, "The book is not empty", "Use a replace upload or an incremental sync instead."),
    TASK_WAITING(
            409,
            "Other tasks are ahead in the queue",
            "Wait as long as Retry-After says, then send the same request again."),
    TASK_FINISHED(409, "The task has finished", "Read the task. It accepts nothing more."),
    TASK_FAILED(
            409,
            "The task failed several times and was given up",
            "Send it again with a new key. If it fails again, tell the operator."),
    QUEUE_FULL(
            409,
            "Too many tasks are waiting",
            "Wait as long as Retry-After says and until a task has finished, then send the same request again."),
    IDEMPOTENCY_KEY_IN_PROGRESS(
            409, "The first request with this key is still in progress", "Read the task named by `task`."),
    TASK_EXPIRED(
            410, "The task has expired", "Send it again with a new key. Start an upload again from its beginning."),
    CHANGES_EXPIRED(410, "The server no longer has these changes", "Compare the books with the digest tree."),
    HISTORY_EXPIRED(
            410,
            "This state of the book is not kept any more",
            "Ask for a later state; GET /v1/book/history lists the states that are kept."),
    CHECK_CODE_MISMATCH(412, "The book has a different check code", "Apply the missed changes, then send a new task."),
    CONTENT_TOO_LARGE(413, "The request is too large", "Send less at once. GET /v1/capabilities has the limits."),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type or encoding is not supported", "Send application/json, plain or gzip."),
    INVALID_CONTACTS(422, "Contacts are invalid", "Correct or leave out the listed contacts."),
    BOOK_FULL(422, "The book would become too large", "Delete contacts first, or tell the user."),
    PHOTOS_FULL(
            422,
            "The user's photos would become too large",
            "Send the contact without this photo. Tell the user that there is no room for more photos."),
    IDEMPOTENCY_KEY_REUSED(422, "The key was used for another request", "Use a new key for each new request."),
    CHECK_CODE_REQUIRED(428, "The first check code is missing", "Send it in If-Match."),
    QUOTA_EXCEEDED(
            429,
            "A quota of this user is used up",
            "Wait as long as Retry-After says, then send the same request again."),
    INTERNAL_ERROR(500, "Internal error", "Send the same request again later, with the same key."),
    UNAVAILABLE(
            503,
            "The service is temporarily unavailable",
            "Wait as long as Retry-After says, then send the same request again.");

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
