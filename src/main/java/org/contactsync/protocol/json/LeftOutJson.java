package org.contactsync.protocol.json;

import java.util.List;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.problem.ContactFlaw;

/** Adds to an answer which contacts of the request were left out because they are at fault (protocol 3.7.1). */
public final class LeftOutJson {
    private LeftOutJson() {}

    /** The answer with the member {@code leftOut}; a problem, and an answer to a whole request, as it is. */
    public static Answer with(Answer answer, List<ContactFlaw> leftOut) {
        if (leftOut.isEmpty() || answer.isProblem() || !answer.body().endsWith("}")) {
            return answer;
        }
        JsonWriter json =
                new JsonWriter().object().member("contacts", leftOut.size()).name("items");
        ProblemJson.writeAll(json, leftOut);
        String body = answer.body();
        return new Answer(
                answer.status(),
                answer.checkCode(),
                answer.task(),
                answer.retryAfter(),
                body.substring(0, body.length() - 1) + ",\"leftOut\":"
                        + json.end().text() + "}");
    }
}
