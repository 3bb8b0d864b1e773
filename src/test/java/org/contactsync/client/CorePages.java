package org.contactsync.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.api.BookUris;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.json.AnswerJson;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.json.PageJson;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;

/** What a client reads of a book that exists, from the real readings. */
final class CorePages {
    private static final int SMALL_PAGE = 2;

    /**
     * How it answers.
     *
     * @param entriesPage entries of a page, whatever larger limit was asked for
     * @param seeming of these contacts shortened hashes are those of these cards
     * @param earlier as the version before: one prefix for nodes, whole hashes, and a book does not say how far its feed reaches back
     */
    record Manners(int entriesPage, Map<Uid, CanonicalCard> seeming, boolean earlier) {
        static final Manners USUAL = new Manners(SMALL_PAGE, Map.of(), false);

        Manners earlierVersion() {
            return new Manners(entriesPage, seeming, true);
        }

        Manners largePages() {
            return new Manners(Integer.MAX_VALUE, seeming, earlier);
        }

        Manners seeming(Map<Uid, CanonicalCard> cards) {
            return new Manners(entriesPage, cards, earlier);
        }
    }

    private final BookReadings readings;
    private final Owner owner;
    private final Manners manners;

    CorePages(BookReadings readings, Owner owner, Manners manners) {
        this.manners = manners;
        this.readings = readings;
        this.owner = owner;
    }

    Answer book(CoreRequest request) {
        BookState book = readings.book(owner).orElseThrow();
        CheckCode code = BookReadings.checkCode(book);
        if (request.given("If-None-Match").equals(Optional.of("\"" + code + "\""))) {
            return new Answer(304, Optional.of(code), Optional.empty(), Optional.empty(), "");
        }
        return ok(
                code,
                AnswerJson.of(
                        manners.earlier() ? withoutChangesFrom(BookReadings.head(book)) : BookReadings.head(book)));
    }

    private static BookHead withoutChangesFrom(BookHead head) {
        return new BookHead(
                head.count(), head.seq(), head.checkCode(), head.checkKey(), head.running(), head.waiting(), 0);
    }

    Answer changes(CoreRequest request) {
        long since = Long.parseLong(request.query().getOrDefault("since", "0"));
        int most = request.limit();
        Optional<DeviceId> without =
                Optional.ofNullable(request.query().get("excludeDevice")).map(DeviceId::new);
        var page = read(request, readings -> readings.changes(owner, since, request.after(), most, without));
        if (since > 0 && since < page.book().changesFrom()) {
            throw ProblemException.of(
                    ProblemType.CHANGES_EXPIRED,
                    "changes are known from " + page.book().changesFrom() + " on");
        }
        var changes = page.value().changes();
        String next = page.value()
                .rest()
                .map(last -> BookUris.changes(last.seq() - 1, Optional.of(last.uid()), most))
                .orElseGet(() -> BookUris.changes(Math.max(since, page.book().seq()), Optional.empty(), most));
        JsonWriter json = new JsonWriter();
        PageJson.changes(
                json,
                changes,
                page.value().more(),
                BookUris.without(next, without),
                page.book().seq(),
                page.checkCode());
        return ok(page.checkCode(), json.text());
    }

    /** Nodes as bytes, each byte a character. */
    Answer digests(CoreRequest request) {
        List<String> prefixes = request.prefixes();
        refuseIfEarlier(prefixes.size() > 1);
        int depth = Integer.parseInt(request.query().getOrDefault("depth", "2"));
        var nodes = read(request, readings -> readings.nodes(owner, prefixes, depth));
        CheckCodes codes = new CheckCodes(nodes.book().key());
        StringBuilder bytes = new StringBuilder();
        nodes.value()
                .forEach((name, digest) ->
                        bytes.append(new String(codes.node(name, digest), StandardCharsets.ISO_8859_1)));
        return ok(nodes.checkCode(), bytes.toString());
    }

    Answer entries(CoreRequest request) {
        List<String> prefixes = request.prefixes();
        Optional<Integer> hash =
                Optional.ofNullable(request.query().get("hash")).map(Integer::valueOf);
        refuseIfEarlier(hash.isPresent());
        int most = Math.min(request.limit(), manners.entriesPage());
        var page = read(request, readings -> readings.entries(owner, prefixes, request.after(), most));
        var entries = page.value().entries();
        JsonWriter json = new JsonWriter();
        PageJson.beginEntries(json, page.checkCode());
        CheckCodes codes = new CheckCodes(page.book().key());
        entries.forEach(entry -> {
            CanonicalCard seeming = hash.isPresent() ? manners.seeming().get(entry.uid()) : null;
            PageJson.entry(
                    json,
                    entry.uid(),
                    seeming == null ? entry.hash() : codes.contentHash(seeming),
                    hash.orElse(ContentHash.BYTES));
        });
        PageJson.endEntries(
                json,
                page.value().more()
                        ? Optional.of(BookUris.entries(
                                prefixes, hash, entries.get(entries.size() - 1).uid(), most))
                        : Optional.empty());
        return ok(page.checkCode(), json.text());
    }

    Answer contacts(CoreRequest request) {
        int most = request.limit();
        var page = read(request, readings -> readings.contacts(owner, request.after(), most));
        List<StoredContact> contacts = page.value().contacts();
        JsonWriter json = new JsonWriter();
        PageJson.beginContacts(json);
        contacts.forEach(each -> PageJson.contact(json, each.uid(), each.now().orElseThrow()));
        PageJson.endContacts(
                json,
                page.checkCode(),
                page.value().more()
                        ? Optional.of(BookUris.contacts(
                                contacts.get(contacts.size() - 1).uid(), most))
                        : Optional.empty());
        return ok(page.checkCode(), json.text());
    }

    Answer contact(CoreRequest request) {
        String prefix = "/v1/book/contacts/";
        if (!request.path().startsWith(prefix)) {
            throw notFound();
        }
        Uid uid = new Uid(request.path().substring(prefix.length()));
        StoredContact contact =
                readings.contact(owner, uid).flatMap(Reading::value).orElseThrow(CorePages::notFound);
        JsonWriter json = new JsonWriter();
        PageJson.contact(json, uid, contact.now().orElseThrow());
        return ok(json.text());
    }

    private void refuseIfEarlier(boolean unknown) {
        if (manners.earlier() && unknown) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "not known in this version");
        }
    }

    private <T> Reading<T> read(CoreRequest request, Function<BookReadings, Optional<Reading<T>>> reading) {
        Reading<T> read = reading.apply(readings).orElseThrow();
        if (request.ifMatch().filter(code -> !code.equals(read.checkCode())).isPresent()) {
            throw new ProblemException(new Problem.CheckCodeMismatch(
                    read.checkCode(), read.book().digest().count(), read.book().seq(), Optional.empty()));
        }
        return read;
    }

    static ProblemException notFound() {
        return ProblemException.of(ProblemType.NOT_FOUND, "nothing is here");
    }

    static Answer ok(String body) {
        return new Answer(200, Optional.empty(), Optional.empty(), Optional.empty(), body);
    }

    private static Answer ok(CheckCode code, String body) {
        return new Answer(200, Optional.of(code), Optional.empty(), Optional.empty(), body);
    }
}
