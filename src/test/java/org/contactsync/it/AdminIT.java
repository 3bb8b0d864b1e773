package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may do what an operator does. What retry and drop do is shown by {@code GivenUpScenarios}. */
@ExtendWith(SharedServer.class)
class AdminIT {
    private static final String PATH = "/admin/v1/failed-tasks";

    private final Device user;
    private final Device operator;

    AdminIT(LibertyServer server) throws IOException {
        user = Device.ofNewUser(server);
        operator = user.withToken(server.operatorsToken());
    }

    @Test
    void aUserIsNoOperatorHoweverThePathIsWritten() {
        String id = UUID.randomUUID().toString();
        user.get(PATH).is(ProblemType.FORBIDDEN);
        user.get(PATH + "/" + id).is(ProblemType.FORBIDDEN);
        user.post(PATH + "/" + id + "/retry", "").is(ProblemType.FORBIDDEN);
        user.delete(PATH + "/" + id).is(ProblemType.FORBIDDEN);
        for (String spelling : List.of(
                "//admin/v1/failed-tasks",
                "/admin//v1/failed-tasks",
                "/%61dmin/v1/failed-tasks",
                PATH + "/",
                "/v1/../admin/v1/failed-tasks",
                "/admin;a=b/v1/failed-tasks")) {
            assertThat(user.get(spelling).status()).as(spelling).isBetween(400, 499);
        }
        user.withToken("").get(PATH).is(ProblemType.UNAUTHORIZED);
    }

    @Test
    void anOperatorListsAndNamesWhatIsNotThere() {
        String id = UUID.randomUUID().toString();
        assertThat(operator.get(PATH + "?owner=nobody&notAfter=2026-01-01T00:00:00Z&limit=5")
                        .is(200)
                        .array("tasks"))
                .isEmpty();
        operator.get(PATH + "?notAfter=yesterday").is(ProblemType.MALFORMED_REQUEST);
        operator.get(PATH + "?after=x").is(ProblemType.MALFORMED_REQUEST);
        operator.get(PATH + "/" + id).is(ProblemType.NOT_FOUND);
        operator.post(PATH + "/" + id + "/retry", "").is(ProblemType.NOT_FOUND);
        operator.delete(PATH + "/" + id).is(ProblemType.NOT_FOUND);
    }

    /** A task that has ended is shown without anything of its contacts. */
    @Test
    void showsNothingOfContacts() {
        HttpAnswer done = user.apply(new Changes().put("secret-uid", Changes.card("Secret Name")));

        HttpAnswer shown = operator.get(PATH + "/" + done.string("task")).is(200);

        assertThat(shown.json().keySet()).containsExactlyInAnyOrder("id", "owner", "state", "attempts", "createdAt");
        assertThat(shown.text()).doesNotContain("secret", "Secret");
        assertThat(operator.post(PATH + "/" + done.string("task") + "/retry", "")
                        .is(200)
                        .string("state"))
                .isEqualTo("done");
        operator.delete(PATH + "/" + done.string("task")).is(ProblemType.TASK_FINISHED);
    }
}
