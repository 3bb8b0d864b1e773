package org.contactsync.client;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;
import org.contactsync.exchange.FileFormat;
import org.contactsync.exchange.ImportedFile;
import org.contactsync.exchange.JsContactFile;
import org.contactsync.exchange.VcardFile;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.json.ImportJson;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.TestService;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/** Files out of the book and into it, read and written as the server does it. */
final class CoreFiles {
    private final TestService service;
    private final Limits limits;
    private final Owner owner;

    CoreFiles(TestService service, Limits limits, Owner owner) {
        this.service = service;
        this.limits = limits;
        this.owner = owner;
    }

    Answer export(CoreRequest request) {
        String accept = request.given("Accept").orElse("");
        FileFormat format = accept.contains("jscontact")
                ? FileFormat.JSCONTACT
                : accept.contains("version=3.0") ? FileFormat.VCARD_3 : FileFormat.VCARD_4;
        StringBuilder file = new StringBuilder(text(format.head()));
        boolean first = true;
        for (Map.Entry<Uid, CanonicalCard> each : service.visible(owner).entrySet()) {
            file.append(text(format.contact(first, each.getKey(), each.getValue())));
            first = false;
        }
        return new Answer(
                200,
                Optional.of(service.code(owner)),
                Optional.empty(),
                Optional.empty(),
                file.append(text(format.tail())).toString());
    }

    /**
     * As the server's door does it: a task of a person, into the book as it is unless a check code is given.
     *
     * @param run applies the step, or lets it wait
     */
    Answer add(CoreRequest request, Step.Head head, Function<Step.ApplyChanges, Outcome> run) {
        String type = request.given("Content-Type").orElse("");
        ImportedFile file = type.startsWith("application/jscontact+json")
                ? JsContactFile.read(request.body(), limits.chunkContacts())
                : VcardFile.read(request.body(), Optional.empty(), limits.chunkContacts());
        if (!file.report().flaws().isEmpty()) {
            throw new ProblemException(new Problem.InvalidContacts(file.report().flaws()));
        }
        IncrementalSync sync = new IncrementalSync(
                file.changes(),
                Optional.empty(),
                request.ifMatch().isPresent() ? OnMismatch.REFUSE : OnMismatch.REBASE,
                false);
        Step.ApplyChanges step = new Step.ApplyChanges(
                head,
                RequestDigest.of("POST book import " + type + request.ifMatch(), request.body()),
                request.ifMatch().orElseGet(() -> service.code(owner)),
                sync,
                Priority.USER);
        return ImportJson.with(Answers.of(run.apply(step)), file.report());
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
