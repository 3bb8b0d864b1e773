package org.contactsync.client.cli.book;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.contactsync.client.PushResult;
import org.contactsync.client.PushResult.Agreed;
import org.contactsync.client.PushResult.Conflicting;
import org.contactsync.client.PushResult.Disagreed;
import org.contactsync.client.PushResult.NeedsConfirmation;
import org.contactsync.client.PushResult.Planned;
import org.contactsync.client.PushResult.Refused;
import org.contactsync.client.PushResult.Summary;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.Counted;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.Failure;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.compare.OnConflict;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.problem.ProblemType;

/**
 * Tells a person, or a program, what a push did.
 *
 * @param labels how a contact is called in the file
 * @param quiet no summary
 * @param json the summary as JSON
 */
record PushReport(
        PrintWriter out, PrintWriter err, Map<Uid, String> labels, OnConflict onConflict, boolean quiet, boolean json) {
    /** More names than this do not help anybody. */
    private static final int MOST_NAMES = 20;

    /** @throws Complaint if the books do not agree afterwards */
    void tell(PushResult result, Duration took) throws Complaint {
        if (result instanceof Agreed agreed) {
            tell(agreed.summary(), false, took);
        } else if (result instanceof Planned planned) {
            tell(planned.summary(), true, took);
        } else {
            throw complaint(result);
        }
    }

    private Complaint complaint(PushResult result) {
        if (result instanceof NeedsConfirmation question) {
            return new Complaint(
                    ExitCode.REFUSED,
                    "Nothing was changed: " + question.deletes() + " of the " + question.count()
                            + " contacts on the server would be deleted. If this is intended, push again with"
                            + " --confirm-deletes.");
        }
        if (result instanceof Conflicting conflicting) {
            return new Complaint(
                    ExitCode.REFUSED,
                    "Nothing was sent: " + counted(conflicting.contacts()) + " changed here and elsewhere: "
                            + names(conflicting.contacts())
                            + " Push again with --on-conflict=file or --on-conflict=server.");
        }
        if (result instanceof Refused refused) {
            return new Complaint(
                    Failure.exitCode(refused.problem()), Failure.refusal(refused.problem()), faulty(refused.problem()));
        }
        Disagreed disagreed = (Disagreed) result;
        return new Complaint(
                ExitCode.REFUSED,
                "The books differ even after a full upload: the server has " + disagreed.server()
                        + ", this client computed " + disagreed.own()
                        + ". Push again when no other device is syncing. If this"
                        + " happens again, report it with both codes.");
    }

    private void tell(Summary summary, boolean dryRun, Duration took) {
        tellConflicts(summary, dryRun);
        if (quiet) {
            return;
        }
        if (json) {
            out.println(json(summary, dryRun, took));
            return;
        }
        out.println((dryRun ? "Would be " : "") + "added " + summary.added() + ", changed " + summary.changed()
                + ", deleted " + summary.deleted() + ", unchanged " + summary.unchanged() + ".");
        if (summary.unknown() > 0) {
            out.println(Counted.contacts(summary.unknown()) + " on the server "
                    + (summary.unknown() == 1
                            ? "is not in this file; it is kept."
                            : "are not in this file; they are kept."));
        }
        if (!summary.theirs().isEmpty()) {
            out.println(counted(summary.theirs()) + " changed by another device; the server's version is kept: "
                    + names(summary.theirs()));
        }
        out.println("Check code " + summary.checkCode() + ", " + way(summary) + ", " + summary.requests()
                + (summary.requests() == 1 ? " request, " : " requests, ")
                + String.format(Locale.ROOT, "%.1f s.", took.toMillis() / 1000.0));
    }

    private static String json(Summary summary, boolean dryRun, Duration took) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("dryRun", dryRun)
                .member("added", summary.added())
                .member("changed", summary.changed())
                .member("deleted", summary.deleted())
                .member("unchanged", summary.unchanged())
                .member("unknown", summary.unknown());
        uids(json.name("theirs"), summary.theirs());
        uids(json.name("conflicts"), summary.conflicts());
        summary.overwritten().ifPresent(file -> json.member("conflictsFile", file.toString()));
        return json.member("checkCode", summary.checkCode().value())
                .member("way", summary.way().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .member("requests", summary.requests())
                .member("milliseconds", took.toMillis())
                .end()
                .text();
    }

    private static void uids(JsonWriter json, List<Uid> uids) {
        json.array();
        uids.forEach(uid -> json.value(uid.value()));
        json.endArray();
    }

    /** On standard error, also when the command is quiet: a person must know of an edit that is not in the book. */
    private void tellConflicts(Summary summary, boolean dryRun) {
        if (summary.conflicts().isEmpty()) {
            return;
        }
        String version = onConflict == OnConflict.FILE ? "this file's" : "the server's";
        err.println(counted(summary.conflicts()) + " changed here and elsewhere; " + version + " version "
                + (dryRun ? "would be" : "was") + " kept: " + names(summary.conflicts())
                + summary.overwritten()
                        .map(file -> " The other version is in " + SafeText.line(file.toString()) + ".")
                        .orElse(""));
    }

    private static String counted(List<Uid> contacts) {
        return contacts.size() == 1 ? "1 contact was" : contacts.size() + " contacts were";
    }

    private static String way(Summary summary) {
        return switch (summary.way()) {
            case NOTHING -> "nothing sent";
            case ONE_REQUEST -> "sent in one request";
            case CHUNKS -> "sent in chunks";
            case REPLACE -> "sent as a full upload";
        };
    }

    private String names(List<Uid> contacts) {
        String names = String.join(
                ", ",
                contacts.stream()
                        .limit(MOST_NAMES)
                        .map(uid -> SafeText.line(labels.getOrDefault(uid, uid.value())))
                        .toList());
        return names + (contacts.size() > MOST_NAMES ? ", …" : ".");
    }

    private List<String> faulty(ServerProblem problem) {
        return problem.contacts().stream()
                .limit(MOST_NAMES)
                .map(contact -> "  " + label(contact.uid()) + ": "
                        + (problem.is(ProblemType.SYNC_LOOP) ? "also changed by the device " : contact.pointer() + " ")
                        + contact.detail())
                .toList();
    }

    private String label(String uid) {
        return labels.entrySet().stream()
                .filter(entry -> entry.getKey().value().equals(uid))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(uid);
    }
}
