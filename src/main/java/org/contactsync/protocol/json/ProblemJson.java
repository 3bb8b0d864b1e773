package org.contactsync.protocol.json;

import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.ResourcePath;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;

/** Writes a problem as {@code application/problem+json} (RFC 9457); {@link ProblemReader} reads it. */
public final class ProblemJson {
    /** So many flaws are listed; a request has at most a thousand contacts, a bad one may have more flaws. */
    static final int LISTED_FLAWS = 1_000;

    /** The beginning of every type's URI. */
    static final String TYPE = "urn:contact-sync:problem:";

    private ProblemJson() {}

    public static String of(Problem problem) {
        ProblemType type = problem.type();
        JsonWriter json = new JsonWriter()
                .object()
                .member("type", type.uri())
                .member("title", type.title())
                .member("status", type.status())
                .member("detail", problem.detail())
                .member("next", type.next());
        writeMembers(json, problem);
        return json.end().text();
    }

    /** The problem with the name of its occurrence, the member {@code instance}; another text than that of {@link #of} is left as it is. */
    public static String withInstance(String problem, String instance) {
        return problem.startsWith("{\"type\":\"" + TYPE)
                ? problem.substring(0, problem.length() - 1) + ",\"instance\":\"" + instance + "\"}"
                : problem;
    }

    /** Whether a text of {@link #of}, of this version or an earlier one, is a problem of that type. */
    public static boolean isOf(ProblemType type, String problem) {
        return problem.startsWith("{\"type\":\"" + type.uri() + "\"");
    }

    private static void writeMembers(JsonWriter json, Problem problem) {
        if (problem instanceof Problem.MalformedRequest malformed) {
            json.member("pointer", malformed.pointer());
        } else if (problem instanceof Problem.InvalidContacts invalid) {
            write(json, invalid);
        } else if (problem instanceof Problem.CheckCodeMismatch mismatch) {
            write(json, mismatch);
        } else if (problem instanceof Problem.ResultCodeMismatch mismatch) {
            json.member("serverCheckCode", mismatch.serverCheckCode().value()).member("count", mismatch.count());
        } else if (problem instanceof Problem.ContactConflict conflict) {
            write(json, conflict);
        } else if (problem instanceof Problem.MassDeleteSuspected deletes) {
            json.member("deletes", deletes.deletes()).member("count", deletes.count());
        } else if (problem instanceof Problem.SyncLoop loop) {
            write(json, loop);
        } else if (problem instanceof Problem.ChunkOutOfOrder order) {
            json.member("expected", order.expected());
        } else if (problem instanceof Problem.ChunkConflict conflict) {
            json.member("chunk", conflict.chunk());
        } else if (problem instanceof Problem.ChunksMissing missing) {
            json.member("nextChunk", missing.nextChunk()).member("received", missing.received());
        } else if (problem instanceof Problem.TaskWaiting waiting) {
            json.member("position", waiting.position());
        } else if (problem instanceof Problem.TaskFinished finished) {
            json.member("state", finished.state().wireName());
        } else if (problem instanceof Problem.InProgress progress) {
            json.member("task", "/v1/sync-tasks/" + progress.task());
        } else if (problem instanceof Problem.QuotaExceeded exceeded) {
            json.member("quota", exceeded.quota().wireName()).member("limit", exceeded.limit());
        }
    }

    private static void write(JsonWriter json, Problem.InvalidContacts invalid) {
        json.member("total", invalid.flaws().size()).name("items");
        writeItems(json, invalid.flaws());
    }

    /** As many as a problem lists. */
    static void writeItems(JsonWriter json, List<ContactFlaw> flaws) {
        writeAll(json, flaws.stream().limit(LISTED_FLAWS).toList());
    }

    static void writeAll(JsonWriter json, List<ContactFlaw> flaws) {
        json.array();
        flaws.forEach(item -> {
            json.object();
            item.uid().ifPresent(uid -> json.member("uid", uid));
            json.member("index", item.index())
                    .member("pointer", item.pointer())
                    .member("code", item.flaw().code())
                    .member("detail", item.flaw().detail())
                    .end();
        });
        json.endArray();
    }

    private static void write(JsonWriter json, Problem.CheckCodeMismatch mismatch) {
        json.member("serverCheckCode", mismatch.serverCheckCode().value())
                .member("serverCount", mismatch.serverCount())
                .member("serverSeq", mismatch.serverSeq())
                .member("digests", "/v1/book/digests")
                .name("missed");
        Optional<Missed> missed = mismatch.missed();
        if (missed.isPresent()) {
            AnswerJson.write(json, missed.get());
        } else {
            AnswerJson.writeUnknown(json);
        }
    }

    private static void write(JsonWriter json, Problem.ContactConflict conflict) {
        json.member("serverCheckCode", conflict.serverCheckCode().value())
                .member("total", conflict.total())
                .name("items")
                .array();
        conflict.conflicts().forEach(item -> {
            json.object().member("uid", item.uid().value()).member("index", item.index());
            json.name("contentHash");
            item.actual().ifPresentOrElse(hash -> json.value(hash.hex()), json::nullValue);
            item.card().ifPresent(card -> json.name("card").card(card));
            item.ancestor()
                    .ifPresent(ancestor -> json.name("ancestor")
                            .object()
                            .member("contentHash", ancestor.hash().hex())
                            .name("card")
                            .card(ancestor.card())
                            .end());
            if (item.more()) {
                json.member("versions", ResourcePath.versions(item.uid()));
            }
            json.end();
        });
        json.endArray();
    }

    private static void write(JsonWriter json, Problem.SyncLoop loop) {
        json.member("total", loop.total()).name("items").array();
        loop.looping()
                .forEach(item -> json.object()
                        .member("uid", item.uid().value())
                        .member("device", item.device().value())
                        .end());
        json.endArray();
    }
}
