package org.contactsync.api.exchange;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.door.BodyReader;
import org.contactsync.door.BookDoor;
import org.contactsync.door.Conditions;
import org.contactsync.door.OutcomeResponses;
import org.contactsync.door.Preferences;
import org.contactsync.door.Steps;
import org.contactsync.exchange.ImportedFile;
import org.contactsync.exchange.JsContactFile;
import org.contactsync.exchange.VcardFile;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.json.ImportJson;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.outcome.ImportReport.Note;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.queue.SyncGateway;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/** Imports a file as one incremental task, and reports what was found in it. One instance per request. */
@Dependent
public class BookImport {
    /** Of a change in a step, besides its card. */
    private static final int AROUND = 300;

    private final BookDoor door;
    private final Steps steps;
    private final SyncGateway gateway;
    private final BodyReader bodies;
    private final WorkBudget budget;
    private final ExchangePlaces places;
    private final OutcomeResponses responses;
    private final Limits limits;

    @Inject
    public BookImport(
            BookDoor door,
            Steps steps,
            SyncGateway gateway,
            BodyReader bodies,
            WorkBudget budget,
            ExchangePlaces places,
            OutcomeResponses responses,
            Limits limits) {
        this.door = door;
        this.steps = steps;
        this.gateway = gateway;
        this.bodies = bodies;
        this.budget = budget;
        this.places = places;
        this.responses = responses;
        this.limits = limits;
    }

    CompletionStage<Response> run(HttpHeaders headers, InputStream in) {
        Preferences preferences = Preferences.of(headers, limits);
        boolean lenient = Preferences.isLenient(headers);
        Optional<CheckCode> wanted = Conditions.ifMatch(headers);
        MediaType type = headers.getMediaType();
        Optional<Charset> charset = charset(type);
        Share share = budget.share(door.owner());
        try {
            byte[] body = bodies.read(door.owner(), in, headers, limits.chunkBytes(), share)
                    .decoded();
            ImportedFile file = places.read(door.owner(), () -> read(type, charset, body));
            refuse(file, lenient);
            share.growTo(bytes(file.changes()));
            RequestDigest digest = RequestDigest.of(
                    "POST book import " + type.getSubtype() + " " + charset + " " + lenient + " "
                            + wanted.map(CheckCode::value).orElse(""),
                    body);
            Optional<Before> before =
                    wanted.isPresent() && file.made().isEmpty() ? Optional.empty() : Optional.of(before(file));
            CheckCode first = wanted.orElseGet(
                    () -> BookReadings.checkCode(before.orElseThrow().book()));
            ImportReport report =
                    before.map(each -> file.report().with(replaced(file, each))).orElse(file.report());
            IncrementalSync sync = new IncrementalSync(
                    file.changes(),
                    Optional.empty(),
                    wanted.isPresent() ? OnMismatch.REFUSE : OnMismatch.REBASE,
                    false);
            Step.ApplyChanges step =
                    new Step.ApplyChanges(steps.onNewTask(headers), digest, first, sync, Priority.USER);
            return responses
                    .of(
                            gateway.apply(step, preferences.forSync(limits), share),
                            answer -> ImportJson.with(answer, report))
                    .thenApply(response -> preferences.confirm(response, lenient));
        } catch (Throwable e) {
            // Errors too: a share that is not released is lost until the next start.
            share.release();
            throw e;
        }
    }

    /**
     * The book before the import.
     *
     * @param hashes of contacts that the file may replace although it has no UID for them
     */
    private record Before(BookState book, Map<Uid, ContentHash> hashes) {}

    private Before before(ImportedFile file) {
        return door.readOrCreate(reader -> reader.book(door.owner())
                .map(book -> new Before(book, reader.hashes(book, file.made().keySet()))));
    }

    /** Contacts that have the name of one in the book, which may be another person. */
    private static List<Note> replaced(ImportedFile file, Before before) {
        CheckCodes codes = new CheckCodes(before.book().key());
        List<Note> replaced = new ArrayList<>();
        for (Change change : file.changes()) {
            Integer index = file.made().get(change.uid());
            ContentHash there = before.hashes().get(change.uid());
            if (index != null
                    && there != null
                    && change instanceof Change.Put put
                    && !there.equals(codes.contentHash(put.card()))) {
                replaced.add(new Note(index, Optional.of(change.uid().value()), "replaced"));
            }
        }
        return replaced;
    }

    private ImportedFile read(MediaType type, Optional<Charset> charset, byte[] body) {
        return type.getSubtype().equals("jscontact+json")
                ? JsContactFile.read(body, limits.chunkContacts())
                : VcardFile.read(body, charset, limits.chunkContacts());
    }

    /** Everything, or with {@code handling=lenient} what is not at fault, as long as there is something. */
    private static void refuse(ImportedFile file, boolean lenient) {
        if (!file.report().flaws().isEmpty() && (!lenient || file.changes().isEmpty())) {
            throw new ProblemException(new Problem.InvalidContacts(file.report().flaws()));
        }
        if (file.changes().isEmpty()) {
            throw ProblemException.malformed("", "the file has no contact");
        }
    }

    private int bytes(List<Change> changes) {
        long bytes = changes.stream()
                .mapToLong(
                        change -> change instanceof Change.Put put ? put.card().length() + AROUND : AROUND)
                .sum();
        if (bytes > limits.chunkBytes()) {
            throw ProblemException.of(
                    ProblemType.CONTENT_TOO_LARGE,
                    "the cards of the file have " + bytes + " bytes, and one request at most " + limits.chunkBytes());
        }
        return (int) bytes;
    }

    private static Optional<Charset> charset(MediaType type) {
        String name = type.getParameters().get(MediaType.CHARSET_PARAMETER);
        try {
            return Optional.ofNullable(name).map(Charset::forName);
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, "the charset of the Content-Type is not known");
        }
    }
}
