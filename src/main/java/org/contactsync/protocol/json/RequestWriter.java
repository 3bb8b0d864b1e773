package org.contactsync.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.Change.Put;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;

/**
 * Writes the request bodies that {@link RequestReader} reads. Equal values give byte-identical bodies, because a repeated
 * request must not differ. Members with their default value are left out. Thread-safe.
 */
public final class RequestWriter {
    private RequestWriter() {}

    /** One-shot body. */
    public static byte[] of(IncrementalSync sync) {
        JsonWriter json = new JsonWriter().object().name("changes").array();
        sync.changes().forEach(change -> json.raw(change(change)));
        json.endArray();
        if (!sync.lost().isEmpty()) {
            json.name("lost").array();
            sync.lost().forEach(lost -> json.raw(contact(lost.uid(), lost.card())));
            json.endArray();
        }
        write(json, "checkAfter", sync.checkAfter());
        json.member("onMismatch", sync.onMismatch().name().toLowerCase(Locale.ROOT));
        return confirmed(json, sync.confirmDeletes());
    }

    /** Body of the request that opens an upload. */
    public static byte[] of(UploadPlan plan) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("kind", plan.kind().wireName())
                .member("checkBefore", plan.checkBefore().value())
                .member("chunks", plan.chunks())
                .member("contacts", plan.contacts());
        write(json, "checkAfter", plan.checkAfter());
        return confirmed(json, plan.confirmDeletes());
    }

    /** Body of a chunk: whole contacts for a kind that replaces the book, changes otherwise. */
    public static byte[] chunk(TaskKind kind, List<Change> changes) {
        boolean whole = kind.replacesBook();
        JsonWriter json =
                new JsonWriter().object().name(whole ? "contacts" : "changes").array();
        changes.forEach(change -> json.raw(whole ? contact(change.uid(), ((Put) change).card()) : change(change)));
        return utf8(json.endArray().end());
    }

    /** Body of the request that ends an upload. */
    public static byte[] of(UploadCommit commit) {
        JsonWriter json = new JsonWriter().object();
        write(json, "checkAfter", commit.checkAfter());
        return confirmed(json, commit.confirmDeletes());
    }

    /** Body of the request that restores a book. */
    public static byte[] of(RestoreTarget target) {
        JsonWriter json = new JsonWriter().object();
        write(json, "checkCode", target.checkCode());
        target.seq().ifPresent(seq -> json.member("seq", seq));
        target.time().ifPresent(time -> json.member("time", time.toString()));
        if (target.dryRun()) {
            json.member("dryRun", true);
        }
        return utf8(json.end());
    }

    static String change(Change change) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("op", change instanceof Put ? "put" : "delete")
                .member("uid", change.uid().value());
        if (change instanceof Put put) {
            json.name("card").card(put.card());
        }
        change.expected().ifPresent(expected -> {
            Optional<ContentHash> hash = expected.hash();
            json.name("ifContentHash");
            if (hash.isPresent()) {
                json.value(hash.get().hex());
            } else {
                json.nullValue();
            }
        });
        return json.end().text();
    }

    private static String contact(Uid uid, CanonicalCard card) {
        return new JsonWriter()
                .object()
                .member("uid", uid.value())
                .name("card")
                .card(card)
                .end()
                .text();
    }

    private static void write(JsonWriter json, String name, Optional<CheckCode> code) {
        code.ifPresent(value -> json.member(name, value.value()));
    }

    private static byte[] confirmed(JsonWriter json, boolean confirmDeletes) {
        if (confirmDeletes) {
            json.member("confirmDeletes", true);
        }
        return utf8(json.end());
    }

    private static byte[] utf8(JsonWriter json) {
        return json.text().getBytes(StandardCharsets.UTF_8);
    }
}
