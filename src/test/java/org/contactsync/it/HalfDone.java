package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What is half done at one instance when another one takes over: an open upload with the tasks that were accepted behind it, an open
 * upload of changes, and an answer that did not arrive. Nothing of it may be lost. One thread at a time.
 */
final class HalfDone {
    private static final int PARKED = 4;

    private final Device phone;
    private final Device tablet;
    private final BookModel book;
    private final String upload;
    private final List<String> parked = new ArrayList<>();

    private final Device other;
    private final BookModel otherBook;
    private final String changes;

    private final Device third;
    private final String firstCode;
    private final String lost;
    private final String key = "\"" + UUID.randomUUID() + "\"";
    private final HttpAnswer answer;

    private HalfDone(LibertyServer server) {
        phone = Device.ofNewUser(server);
        tablet = phone.another("tablet");
        book = BookModel.of(phone);
        upload = phone.opened("initial", 3, 6);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        for (int i = 0; i < PARKED; i++) {
            String body = new Changes()
                    .putOver(null, "from tablet " + i, Changes.card("From tablet " + i))
                    .rebase()
                    .body();
            HttpAnswer accepted = i % 2 == 0
                    ? tablet.patch(book.checkCode(), body)
                    : tablet.patch(book.checkCode(), body, "Prefer", "respond-async");
            parked.add(accepted.is(202).string("id"));
        }

        other = Device.ofNewUser(server);
        otherBook = BookModel.of(other);
        other.apply(new Changes().put("old", Changes.card("Old")).put("gone", Changes.card("Gone")));
        changes = other.opened("changes", 2, 4);
        other.chunk(
                        changes,
                        1,
                        new Changes()
                                .put("ada", Changes.card("Ada"))
                                .delete("gone")
                                .body())
                .is(200);

        third = Device.ofNewUser(server);
        firstCode = third.checkCode();
        lost = new Changes().put("bob", Changes.card("Bob")).body();
        answer = third.patch(firstCode, lost, "Idempotency-Key", key).is(200);
    }

    /** Begins all of it at an instance. */
    static HalfDone at(LibertyServer server) {
        return new HalfDone(server);
    }

    /** Ends all of it at an instance, and compares. */
    void finishAt(LibertyServer server) {
        finishUpload(phone.at(server), tablet.at(server));
        finishChanges(other.at(server));
        HttpAnswer again =
                third.at(server).patch(firstCode, lost, "Idempotency-Key", key).is(200);
        assertThat(again.text()).isEqualTo(answer.text());
        assertThat(again.tag()).isEqualTo(answer.tag());
        assertThat(third.at(server).read().uids()).containsExactly("bob");
    }

    private void finishUpload(Device phoneThere, Device tabletThere) {
        assertThat(phoneThere.task(upload).is(200).string("state")).isEqualTo("receiving");
        assertThat(phoneThere.book().json().getJsonObject("queue").getInt("waiting"))
                .isEqualTo(PARKED);
        // sent before, and acknowledged
        phoneThere.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        phoneThere.chunk(upload, 2, Changes.contacts(2, 4)).is(200);
        phoneThere.chunk(upload, 3, Changes.contacts(4, 6)).is(200);
        HttpAnswer done = phoneThere.commit(upload).is(200);
        for (int i = 0; i < 6; i++) {
            book.put(Changes.uid(i), Changes.numbered(i));
        }
        assertThat(done.tag()).isEqualTo(book.checkCode());
        for (int i = 0; i < PARKED; i++) {
            book.put("from tablet " + i, Changes.card("From tablet " + i));
            JsonObject task = tabletThere.finished(parked.get(i));
            assertThat(task.getString("state")).as("%s", task).isEqualTo("done");
            JsonObject result = task.getJsonObject("result");
            assertThat(result.getInt("seq")).isEqualTo(done.number("seq") + i + 1);
            assertThat(result.getString("checkCode")).isEqualTo(book.checkCode());
        }
        assertThat(phoneThere.read().contacts()).isEqualTo(book.contacts());
        assertThat(phoneThere.get("/v1/sync-tasks").is(200).array("tasks")).isEmpty();
    }

    private void finishChanges(Device there) {
        there.chunk(
                        changes,
                        2,
                        new Changes()
                                .put("bob", Changes.card("Bob"))
                                .put("old", Changes.card("New"))
                                .body())
                .is(200);
        HttpAnswer done = there.commit(changes).is(200);
        otherBook
                .put("ada", Changes.card("Ada"))
                .put("bob", Changes.card("Bob"))
                .put("old", Changes.card("New"));
        assertThat(done.tag()).isEqualTo(otherBook.checkCode());
        assertThat(there.read().contacts()).isEqualTo(otherBook.contacts());
    }
}
