package org.contactsync.api.lookup;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.contactsync.access.CurrentCaller;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.door.BodyBytes;
import org.contactsync.door.BookDoor;
import org.contactsync.door.Conditions;
import org.contactsync.door.QueryValues;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.lookup.AskedNumber;
import org.contactsync.lookup.Lookups;
import org.contactsync.lookup.NameQuery;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.json.LookupJson;
import org.contactsync.protocol.lookup.NameAnswer;
import org.contactsync.protocol.lookup.PhoneAnswer;
import org.contactsync.settings.LookupOptions;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** Answers look-ups. One instance per request. */
@Dependent
public class LookupDoor {
    private static final int DEFAULT_NAMES = 20;
    private static final int MOST_NAMES = 100;

    /** Bytes of a match as JSON. */
    private static final int BYTES = 150;

    private final CurrentCaller caller;
    private final BookDoor door;
    private final ReadingPlaces places;
    private final BookReadings readings;
    private final Lookups lookups;
    private final LookupOptions options;

    @Inject
    public LookupDoor(
            CurrentCaller caller,
            BookDoor door,
            ReadingPlaces places,
            BookReadings readings,
            Lookups lookups,
            LookupOptions options) {
        this.caller = caller;
        this.door = door;
        this.places = places;
        this.readings = readings;
        this.lookups = lookups;
        this.options = options;
    }

    /** The contacts of numbers in the caller's book; the caller's region, unless the request names one. */
    public Response phones(HttpHeaders headers, List<String> phones, @Nullable String region) {
        Optional<String> known =
                LookupQuery.region(region).or(() -> caller.get().region()).or(options::region);
        List<AskedNumber> asked = LookupQuery.numbers(phones, known);
        String revision = lookups.revision();
        if (isConditional(headers)) {
            EntityTag tag = tag(Optional.of(BookReadings.checkCode(door.readBook())), known, revision);
            if (Conditions.isKnown(headers, tag.getValue())) {
                return unchanged(tag);
            }
        }
        Reading<List<PhoneAnswer>> found = door.readOrCreate(reader -> lookups.phones(door.owner(), asked));
        BookDoor.refuseAnotherBook(headers, found);
        return phones(headers, found.value(), Optional.of(found.checkCode()), known, revision);
    }

    /** The same for an operator, in the book of any user; a user who has none has no contacts. */
    public Response phonesOf(Owner owner, HttpHeaders headers, List<String> phones, @Nullable String region) {
        Optional<String> known = LookupQuery.region(region).or(options::region);
        List<AskedNumber> asked = LookupQuery.numbers(phones, known);
        String revision = lookups.revision();
        if (isConditional(headers)) {
            Optional<BookState> book = places.run(owner, () -> readings.book(owner));
            EntityTag tag = tag(book.map(BookReadings::checkCode), known, revision);
            if (Conditions.isKnown(headers, tag.getValue())) {
                return unchanged(tag);
            }
        }
        Optional<Reading<List<PhoneAnswer>>> found = places.run(owner, () -> lookups.phones(owner, asked));
        found.ifPresent(reading -> BookDoor.refuseAnotherBook(headers, reading));
        return phones(
                headers,
                found.map(Reading::value).orElseGet(() -> lookups.withoutBook(asked)),
                found.map(Reading::checkCode),
                known,
                revision);
    }

    private static Response phones(
            HttpHeaders headers,
            List<PhoneAnswer> answers,
            Optional<CheckCode> code,
            Optional<String> region,
            String revision) {
        int bytes = answers.stream()
                .mapToInt(answer -> BYTES * (1 + answer.matches().size()))
                .sum();
        return BodyBytes.json(headers, bytes, json -> LookupJson.phones(json, answers, code))
                .tag(tag(code, region, revision))
                .cacheControl(revalidated())
                .build();
    }

    /** Contacts of the caller's book by the beginnings of words. */
    public Response names(HttpHeaders headers, String text, @Nullable String limit) {
        int most = QueryValues.limit(limit, DEFAULT_NAMES, MOST_NAMES);
        NameQuery query = LookupQuery.name(text);
        String revision = lookups.revision();
        if (isConditional(headers)) {
            EntityTag tag = tag(Optional.of(BookReadings.checkCode(door.readBook())), Optional.empty(), revision);
            if (Conditions.isKnown(headers, tag.getValue())) {
                return unchanged(tag);
            }
        }
        Reading<NameAnswer> found = door.readOrCreate(reader -> lookups.names(door.owner(), query, most));
        BookDoor.refuseAnotherBook(headers, found);
        return BodyBytes.json(
                        headers,
                        BYTES * found.value().found().size(),
                        json -> LookupJson.names(json, found.value(), found.checkCode()))
                .tag(tag(Optional.of(found.checkCode()), Optional.empty(), revision))
                .cacheControl(revalidated())
                .build();
    }

    /** Refuses parameters that belong to another use of the resource. */
    public static void refuseCombined(String name, @Nullable Object... others) {
        LookupQuery.refuseWith(name, others);
    }

    /** Protocol 3.8.1. */
    private static boolean isConditional(HttpHeaders headers) {
        return headers.getHeaderString(HttpHeaders.IF_NONE_MATCH) != null
                && headers.getHeaderString(HttpHeaders.IF_MATCH) == null;
    }

    /**
     * What the answer depends on besides the request: the book, the region, and the operator's list.
     *
     * @param revision from before the look-up: an answer that is newer than its tag is asked for once more, one that is older would stay
     */
    private static EntityTag tag(Optional<CheckCode> code, Optional<String> region, String revision) {
        return new EntityTag(code.map(CheckCode::value).orElse("none") + "." + region.orElse("ZZ") + "." + revision);
    }

    private static Response unchanged(EntityTag tag) {
        return Response.notModified(tag).cacheControl(revalidated()).build();
    }

    /** A cache of the client keeps it, and asks before it uses it again. */
    private static CacheControl revalidated() {
        CacheControl control = new CacheControl();
        control.setPrivate(true);
        control.setNoTransform(false);
        control.setMaxAge(0);
        control.setMustRevalidate(true);
        return control;
    }
}
