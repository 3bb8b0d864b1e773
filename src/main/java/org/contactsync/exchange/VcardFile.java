package org.contactsync.exchange;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Flaw;
import org.contactsync.contact.Uid;
import org.contactsync.exchange.VcardParts.Part;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.outcome.ImportReport.Note;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.VcardReading;
import org.contactsync.vcard.file.Notice;

/** Reads vCards for an import, one after the other, so that one at fault does not stop the others. For one thread. */
public final class VcardFile {
    private final VcardReader reader = VcardReader.inParts();
    private final List<Change> changes = new ArrayList<>();
    private final List<ContactFlaw> flaws = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private final Set<Uid> uids = new HashSet<>();
    private final Map<Uid, Integer> made = new HashMap<>();
    private final Optional<Charset> given;
    private int index;

    private VcardFile(Optional<Charset> given) {
        this.given = given;
    }

    /**
     * Reads a file of vCards 2.1, 3.0 and 4.0.
     *
     * @param charset of properties that name none, if the request says it
     * @param most contacts of the file
     * @throws ProblemException if it has no vCard, or more than {@code most}
     */
    public static ImportedFile read(byte[] body, Optional<Charset> charset, int most) {
        Optional<Charset> given = charset.filter(each -> !each.equals(StandardCharsets.UTF_8));
        boolean wide = given.isPresent() && given.get().name().startsWith("UTF-");
        VcardFile file = new VcardFile(wide ? Optional.empty() : given);
        VcardParts parts = new VcardParts(
                wide ? utf8(body, given.get()) : isWide(body) ? utf8(body, StandardCharsets.UTF_16) : body);
        while (parts.hasNext()) {
            if (file.index == most) {
                throw ProblemException.of(
                        ProblemType.CONTENT_TOO_LARGE, "at most " + most + " contacts fit one request");
            }
            file.add(parts.next());
            file.index++;
        }
        if (file.index == 0) {
            throw ProblemException.malformed("", "the file has no vCard: no line is BEGIN:VCARD");
        }
        return new ImportedFile(file.changes, file.made, new ImportReport(file.index, file.flaws, file.notes));
    }

    private static boolean isWide(byte[] body) {
        int mark = body.length < 2 ? 0 : (body[0] & 0xff) << 8 | body[1] & 0xff;
        return mark == 0xfeff || mark == 0xfffe;
    }

    private static byte[] utf8(byte[] body, Charset charset) {
        return new String(body, charset).getBytes(StandardCharsets.UTF_8);
    }

    private void add(Part part) {
        if (part.flaw().isPresent()) {
            refuse(Optional.empty(), part.flaw().get());
            return;
        }
        VcardReading reading;
        try {
            reading = reader.part(part.bytes(), given);
        } catch (UnreadableBook | RuntimeException e) {
            // Whatever the parser trips over is one vCard of many.
            refuse(
                    Optional.empty(),
                    new Flaw(
                            "vcard-unreadable",
                            "the vCard cannot be read: it is incomplete, or in an unknown charset"));
            return;
        }
        Optional<String> uid = Optional.empty();
        for (FoundContact contact : reading.contacts()) {
            if (uids.add(contact.uid())) {
                changes.add(new Change.Put(contact.uid(), contact.card(), Optional.empty()));
                if (reading.made().contains(contact.uid())) {
                    made.put(contact.uid(), index);
                }
            }
            uid = Optional.of(contact.uid().value());
        }
        for (Notice notice : reading.notices()) {
            if (notice.kind() == Notice.Kind.TOO_LARGE) {
                refuse(
                        reading.leftOut().stream().map(Uid::value).findFirst(),
                        new Flaw(notice.kind().code(), "the card is too large, even without pictures"));
            } else {
                note(uid, notice.kind());
            }
        }
        if (part.withoutMedia()) {
            note(uid, Notice.Kind.WITHOUT_MEDIA);
        }
        if (reading.contacts().isEmpty() && reading.notices().isEmpty()) {
            refuse(Optional.empty(), new Flaw("vcard-unreadable", "no contact could be read"));
        }
    }

    private void refuse(Optional<String> uid, Flaw flaw) {
        flaws.add(new ContactFlaw(uid, index, "", flaw));
    }

    private void note(Optional<String> uid, Notice.Kind kind) {
        Note note = new Note(index, uid, kind.code());
        if (notes.size() < ImportReport.MOST_NOTES
                && (notes.isEmpty() || !notes.get(notes.size() - 1).equals(note))) {
            notes.add(note);
        }
    }
}
