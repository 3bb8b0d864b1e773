package org.contactsync.protocol.json;

import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.RestorePreview;

/** The JSON of what a book was (protocol §4.16 to §4.18). */
public final class HistoryJson {
    private HistoryJson() {}

    /** @param next the link to the page after this one */
    public static void changes(
            JsonWriter json, List<PastChange> changes, CheckCode code, long seq, Optional<String> next) {
        json.object().name("changes").array();
        changes.forEach(change -> change(json, change));
        json.endArray().member("checkCode", code.value()).member("seq", seq);
        end(json, next);
    }

    /**
     * Past versions of contacts.
     *
     * @param name of their list
     * @param next the link to the page after this one
     */
    public static void versions(
            JsonWriter json, String name, List<PastVersion> versions, CheckCode code, Optional<String> next) {
        json.object().name(name).array();
        versions.forEach(version -> version(json, version));
        json.endArray().member("checkCode", code.value());
        end(json, next);
    }

    /** What a restore would do (protocol §4.19). */
    public static String of(RestorePreview preview) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("seq", preview.seq())
                .member("checkCode", preview.checkCode().value())
                .member("count", preview.count())
                .name("applied")
                .object()
                .member("put", preview.puts())
                .member("deleted", preview.deletes())
                .end()
                .member("complete", preview.complete())
                .name("put")
                .array();
        preview.put().forEach(uid -> json.value(uid.value()));
        json.endArray().name("deleted").array();
        preview.deleted().forEach(uid -> json.value(uid.value()));
        return json.endArray().end().text();
    }

    /** One change of {@link #changes}. */
    public static void change(JsonWriter json, PastChange change) {
        json.object()
                .member("seq", change.seq())
                .member("at", change.at().toString())
                .member("kind", change.restore() ? "restore" : change.kind().wireName())
                .member("task", change.task().toString());
        change.device().ifPresent(device -> json.member("device", device.value()));
        json.member("checkCodeBefore", change.before().value())
                .member("checkCode", change.after().value())
                .member("count", change.count())
                .name("applied")
                .object()
                .member("put", change.puts())
                .member("deleted", change.deletes())
                .end()
                .end();
    }

    /** One version of {@link #versions}. */
    public static void version(JsonWriter json, PastVersion version) {
        json.object()
                .member("uid", version.uid().value())
                .name("card")
                .card(version.content().card())
                .member("contentHash", version.content().hash().hex());
        if (version.lost()) {
            json.member("origin", "conflict");
        }
        version.device().ifPresent(device -> json.member("device", device.value()));
        json.member("from", version.from())
                .member("until", version.until())
                .member("endedAt", version.endedAt().toString());
        version.endedBy().ifPresent(device -> json.member("endedBy", device.value()));
        json.end();
    }

    private static void end(JsonWriter json, Optional<String> next) {
        next.ifPresent(link -> json.member("next", link));
        json.end();
    }
}
