package org.contactsync.client.cli.sync;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.contactsync.client.device.SyncReport;
import org.contactsync.client.device.SyncReport.Outcome;
import org.contactsync.client.local.ConflictCopy;
import org.contactsync.protocol.json.JsonWriter;

/** What a task came to, for a person and for a program. */
final class Results {
    private Results() {}

    /** Lines. */
    static List<String> text(SyncReport report, Duration took) {
        if (report.outcome() instanceof Outcome.DoneElsewhere) {
            return List.of(
                    "Another contact-sync works on this folder, and has ended the task; its output says what came of it.");
        }
        String code =
                report.checkCode().map(each -> "Check code " + each + ", ").orElse("");
        String requests = report.requests() + (report.requests() == 1 ? " request" : " requests");
        String seconds = String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
        return List.of(counts(report) + ".", code + requests + ", " + seconds + ".");
    }

    static String counts(SyncReport report) {
        return report.sent() + " sent, " + report.brought() + " brought, " + report.conflicts()
                + (report.conflicts() == 1 ? " conflict" : " conflicts");
    }

    /** What a person has to decide; empty if there is nothing. */
    static Optional<String> question(Outcome outcome) {
        if (outcome instanceof Outcome.NeedsConfirmation needed) {
            return Optional.of(question(needed));
        }
        if (outcome instanceof Outcome.BeganAnew anew) {
            return Optional.of("The account was erased on another device, or the server has lost it: " + anew.missing()
                    + (anew.missing() == 1 ? " contact that was there is" : " contacts that were there are")
                    + " gone. Nothing was changed on either side. To fill it again with the contacts of the folder, sync with --begin-anew."
                    + " If it is to stay empty, do not sync this folder with it any more.");
        }
        return Optional.empty();
    }

    private static String question(Outcome.NeedsConfirmation needed) {
        String where = needed.onPhone() ? "in the folder" : "on the server";
        String why = needed.onPhone() ? "on the server" : "in the folder";
        String noOther = needed.onPhone() ? "comes into the folder" : "goes to the server";
        return needed.deletes() + " of the " + needed.of() + " contacts " + where
                + " would be deleted, because they are not "
                + why
                + " any more" + recent(needed) + ". They were not deleted, and no other change "
                + noOther
                + " until you decide. If they are to be deleted, sync with --confirm-deletes. If not, sync with --begin-anew: it deletes nothing, and each side gets what it lacks.";
    }

    private static String recent(Outcome.NeedsConfirmation needed) {
        if (needed.recent() == 0) {
            return "";
        }
        return ", and " + needed.recent() + (needed.recent() == 1 ? " other was" : " others were")
                + " deleted there within the last day";
    }

    static String word(Outcome outcome) {
        if (outcome instanceof Outcome.Agreed) {
            return "agreed";
        }
        if (outcome instanceof Outcome.NeedsConfirmation) {
            return "needs-confirmation";
        }
        if (outcome instanceof Outcome.BeganAnew) {
            return "began-anew";
        }
        return outcome instanceof Outcome.DoneElsewhere ? "done-elsewhere" : "keeps-changing";
    }

    /** Members of an object that is begun. */
    static void write(JsonWriter json, SyncReport report, Optional<ConflictCopies.Told> conflicts) {
        json.member("outcome", word(report.outcome()))
                .member("sent", report.sent())
                .member("brought", report.brought())
                .member("conflicts", report.conflicts())
                .member("requests", report.requests());
        report.checkCode().ifPresent(code -> json.member("checkCode", code.value()));
        if (report.outcome() instanceof Outcome.NeedsConfirmation needed) {
            json.member("deletes", needed.deletes())
                    .member("of", needed.of())
                    .member("recent", needed.recent())
                    .member("side", needed.onPhone() ? "folder" : "server");
        }
        if (report.outcome() instanceof Outcome.BeganAnew anew) {
            json.member("missing", anew.missing());
        }
        conflicts.ifPresent(told -> {
            json.member("conflictFile", told.file().toString())
                    .name("conflicted")
                    .array();
            told.copies().stream().map(ConflictCopy::uid).distinct().forEach(uid -> json.value(uid.value()));
            json.endArray();
        });
    }
}
