package org.contactsync.protocol.json;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Flaw;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.problem.ContactFlaw;

/** Adds what was found in a file to the answer of the task that imports it. */
public final class ImportJson {
    private ImportJson() {}

    /** The answer with the member {@code imported}; a problem as it is. The same outcome and file give the same bytes. */
    public static Answer with(Answer answer, ImportReport report) {
        if (answer.isProblem() || !answer.body().endsWith("}")) {
            return answer;
        }
        String body = answer.body();
        return new Answer(
                answer.status(),
                answer.checkCode(),
                answer.task(),
                answer.retryAfter(),
                body.substring(0, body.length() - 1) + ",\"imported\":" + text(report) + "}");
    }

    /** What an answer says; empty if it is not that of an import. */
    public static Optional<ImportReport> of(JsonObject answer) {
        JsonObject report = answer.getJsonObject("imported");
        if (report == null) {
            return Optional.empty();
        }
        List<ContactFlaw> flaws = report.getJsonArray("items").getValuesAs(JsonObject.class).stream()
                .map(item -> new ContactFlaw(
                        Optional.ofNullable(item.getString("uid", null)),
                        item.getInt("index"),
                        item.getString("pointer"),
                        new Flaw(item.getString("code"), item.getString("detail"))))
                .toList();
        List<ImportReport.Note> notes = report.getJsonArray("notes").getValuesAs(JsonObject.class).stream()
                .map(note -> new ImportReport.Note(
                        note.getInt("index"), Optional.ofNullable(note.getString("uid", null)), note.getString("code")))
                .toList();
        return Optional.of(new ImportReport(report.getInt("contacts"), flaws, notes));
    }

    private static String text(ImportReport report) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("contacts", report.contacts())
                .member("refused", report.refused())
                .name("items");
        ProblemJson.writeItems(json, report.flaws());
        json.name("notes").array();
        report.notes().forEach(note -> {
            json.object();
            note.uid().ifPresent(uid -> json.member("uid", uid));
            json.member("index", note.index()).member("code", note.code()).end();
        });
        return json.endArray().end().text();
    }
}
