package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.contactsync.contact.Uid;

/** A change that adds one contact, whatever else is in the book: sent by a device with a mark, and again by one without. */
final class KeyedChange {
    /** Longer than anything here takes. */
    static final String PATIENT = "wait=55";

    private final Device user;
    private final String before;
    private final String uid;
    private final String key = "\"" + UUID.randomUUID() + "\"";
    private final CompletableFuture<HttpAnswer> answer;

    /**
     * Sends it.
     *
     * @param before check code of the user's book
     * @param device name of the device that sends it
     */
    KeyedChange(Device user, String before, String uid, String device) {
        this.user = user;
        this.before = before;
        this.uid = uid;
        answer = user.another(device).patchAsync(before, body(), "Prefer", PATIENT, "Idempotency-Key", key);
    }

    private String body() {
        return new Changes()
                .putOver(null, uid, Changes.card("Card of " + uid))
                .rebase()
                .body();
    }

    Device user() {
        return user;
    }

    String uid() {
        return uid;
    }

    HttpAnswer answer() {
        return answer.join();
    }

    /** The number of the change that was answered. */
    int seq() {
        return answer().is(200).json().getInt("seq");
    }

    /** Sends it again: the answer is the one that was given, if one was. */
    HttpAnswer repeated() {
        HttpAnswer again = user.patch(before, body(), "Prefer", PATIENT, "Idempotency-Key", key)
                .is(200);
        if (answer.isDone() && !answer.isCompletedExceptionally() && answer().status() == 200) {
            assertThat(again.json().getInt("seq")).isEqualTo(seq());
            assertThat(again.tag()).isEqualTo(answer().tag());
        }
        return again;
    }

    /** These contacts are all that the book has and ever had, each of a change of its own. */
    static void assertThereOnce(Device user, List<String> uids) {
        assertThat(user.book().number("seq")).isEqualTo(uids.size());
        BookModel read = user.read();
        assertThat(read.contacts()).containsOnlyKeys(uids.stream().map(Uid::new).toList());
        assertThat(read.checkCode()).isEqualTo(user.checkCode());
        assertThat(user.get("/v1/book/changes?since=0").is(200).json().getJsonArray("changes"))
                .hasSize(uids.size());
        assertThat(user.get("/v1/book/history").is(200).json().getJsonArray("changes"))
                .hasSize(uids.size());
    }
}
