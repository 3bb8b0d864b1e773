package org.contactsync.door;

import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.outcome.Answer;

/** Builds HTTP responses from answers. */
public final class Responses {
    private static final MediaType PROBLEM = MediaType.valueOf(Problems.MEDIA_TYPE);

    private static final int FAILED = 500;

    private static final Annotation[] NOT_KEPT = {};

    @Kept
    private static final class Receipt {}

    private static final Annotation[] KEPT = Receipt.class.getAnnotations();

    /** Marks a body that must be identical for each repetition of its request, to the last byte (protocol 7.2). */
    @Retention(RetentionPolicy.RUNTIME)
    private @interface Kept {}

    private Responses() {}

    /** Whether nothing may be added to the body. */
    public static boolean isKept(ContainerResponseContext response) {
        Annotation[] marks = response.getEntityAnnotations();
        return marks != null && Arrays.stream(marks).anyMatch(each -> each.annotationType() == Kept.class);
    }

    public static Response of(Answer answer) {
        Response.ResponseBuilder response = Response.status(answer.status());
        answer.checkCode().ifPresent(code -> response.tag(tag(code)));
        answer.task().ifPresent(task -> response.header(HttpHeaders.LOCATION, "/v1/sync-tasks/" + task));
        answer.retryAfter()
                .ifPresent(after -> response.header(HttpHeaders.RETRY_AFTER, Math.max(1, after.toSeconds())));
        if (!answer.body().isEmpty()) {
            response.entity(answer.body(), answer.status() < FAILED ? KEPT : NOT_KEPT)
                    .type(answer.isProblem() ? PROBLEM : MediaType.APPLICATION_JSON_TYPE);
        }
        return response.build();
    }

    public static Response.ResponseBuilder json(String body) {
        return Response.ok(body, MediaType.APPLICATION_JSON_TYPE);
    }

    public static EntityTag tag(CheckCode code) {
        return new EntityTag(code.value());
    }
}
