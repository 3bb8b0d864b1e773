package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two devices that rewrite each other's contact. When they are told is shown by {@code LoopScenarios}. */
@ExtendWith(SharedServer.class)
class SyncLoopIT {
    private final Device phone;
    private final Device tablet;

    SyncLoopIT(LibertyServer server) {
        phone = Device.ofNewUser(server);
        tablet = phone.another("tablet");
    }

    /** 4.3.11, 5.7. */
    @Test
    void twoDevicesInALoopAreToldAndAPersonIsNot() {
        phone.apply(new Changes().put("ada", Changes.card("Ada")));
        tablet.apply(new Changes().put("ada", Changes.card("Ada King")));
        for (int turn = 0; turn < 2; turn++) {
            phone.apply(new Changes().put("ada", Changes.card("Ada")));
            tablet.apply(new Changes().put("ada", Changes.card("Ada King")));
        }
        String code = phone.checkCode();
        String body = new Changes()
                .put("ada", Changes.card("Ada"))
                .put("bob", Changes.card("Bob"))
                .body();
        String key = "\"" + UUID.randomUUID() + "\"";

        JsonObject problem = phone.patch(code, body, "Idempotency-Key", key).is(ProblemType.SYNC_LOOP);
        assertThat(problem.getInt("total")).isEqualTo(1);
        assertThat(problem.getJsonArray("items")).hasToString("[{\"uid\":\"ada\",\"device\":\"tablet\"}]");
        assertThat(phone.patch(code, body, "Idempotency-Key", key)
                        .is(ProblemType.SYNC_LOOP)
                        .getJsonArray("items"))
                .isEqualTo(problem.getJsonArray("items"));
        assertThat(phone.checkCode()).isEqualTo(code);
        phone.contact("bob").is(ProblemType.NOT_FOUND);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(loops()).isPositive());

        phone.patch(code, body, "Priority", "u=1").is(200);
        tablet.apply(new Changes().put("ada", Changes.card("Ada King")));
    }

    private double loops() {
        Matcher figure = Pattern.compile("(?m)^contactsync_sync_loops_total\\{[^}]*} (\\S+)$")
                .matcher(phone.withToken("").get("/metrics").text());
        return figure.find() ? Double.parseDouble(figure.group(1)) : 0;
    }
}
