package org.contactsync.api;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Answer;

/** Makes HTTP responses of answers. */
final class Responses {
    private static final MediaType PROBLEM = MediaType.valueOf(Problems.MEDIA_TYPE);

    private Responses() {}

    static Response of(Answer answer) {
        Response.ResponseBuilder response = Response.status(answer.status());
        answer.checkCode().ifPresent(code -> response.tag(tag(code)));
        answer.task().ifPresent(task -> response.header(HttpHeaders.LOCATION, "/v1/sync-tasks/" + task));
        answer.retryAfter()
                .ifPresent(after -> response.header(HttpHeaders.RETRY_AFTER, Math.max(1, after.toSeconds())));
        if (!answer.body().isEmpty()) {
            response.entity(answer.body()).type(answer.isProblem() ? PROBLEM : MediaType.APPLICATION_JSON_TYPE);
        }
        return response.build();
    }

    static Response.ResponseBuilder json(String body) {
        return Response.ok(body, MediaType.APPLICATION_JSON_TYPE);
    }

    static EntityTag tag(CheckCode code) {
        return new EntityTag(code.value());
    }
}
