package org.contactsync.vcard;

import ezvcard.VCard;
import ezvcard.io.ParseWarning;
import ezvcard.io.scribe.RawPropertyScribe;
import ezvcard.io.text.VCardReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.file.FileText;
import org.contactsync.vcard.file.LineReader;
import org.contactsync.vcard.file.Notice;
import org.contactsync.vcard.read.CardMapping;
import org.contactsync.vcard.read.ContactUids;
import org.contactsync.vcard.read.NameDetails;
import org.contactsync.vcard.value.NameParts;
import org.contactsync.vcard.value.PlainText;

/** Reads a file of vCards, at once or in parts. One object per file; for one thread. */
public final class VcardReader {
    /** ez-vcard's codes for a property, or a line, that it left out. */
    private static final Set<Integer> LEFT_OUT = Set.of(22, 27);

    private final CardMapping mapping = new CardMapping();
    private final ContactUids uids = new ContactUids();
    private final List<FoundContact> contacts = new ArrayList<>();
    private final Map<Uid, CanonicalCard> seen = new HashMap<>();
    private final Set<Uid> made = new HashSet<>();
    private final Set<Uid> leftOut = new HashSet<>();
    private final List<Notice> notices = new ArrayList<>();
    private final Map<Uid, CardValue> media = new HashMap<>();
    private final boolean keepsMedia;
    private int position;

    private VcardReader(boolean keepsMedia) {
        this.keepsMedia = keepsMedia;
    }

    /**
     * Reads the whole file.
     *
     * @param file its bytes: UTF-16, or else property by property the charset that it names, UTF-8, or Windows-1252
     *     with a notice
     * @throws UnreadableBook when it holds no vCard, ends within one, or its charset cannot be told
     */
    public static VcardReading read(byte[] file) throws UnreadableBook {
        return read(file, Optional.empty());
    }

    /**
     * Reads the whole file.
     *
     * @param given the charset of properties that name none; not for a file that begins with a byte order mark
     * @throws UnreadableBook as {@link #read(byte[])}
     */
    public static VcardReading read(byte[] file, Optional<Charset> given) throws UnreadableBook {
        return new VcardReader(false).part(file, given);
    }

    /**
     * Reads the whole file, as {@link #read(byte[])}, to write it again: with the pictures and sounds that are too large for a contact
     * ({@link VcardReading#media}).
     */
    public static VcardReading readToWrite(byte[] file) throws UnreadableBook {
        return new VcardReader(true).part(file, Optional.empty());
    }

    /** For a file that is read in parts, each of whole vCards. */
    public static VcardReader inParts() {
        return new VcardReader(false);
    }

    /**
     * Reads the next part. Uids are made and told apart as if all parts were read at once.
     *
     * @param given as for {@link #read(byte[], Optional)}
     * @throws UnreadableBook as {@link #read(byte[])}, of this part
     */
    public VcardReading part(byte[] file, Optional<Charset> given) throws UnreadableBook {
        contacts.clear();
        made.clear();
        leftOut.clear();
        notices.clear();
        media.clear();
        FileText text = FileText.of(file, given);
        refuseUnlessWhole(text);
        Optional<String> unknown = text.unknown();
        if (unknown.isPresent()) {
            throw new UnreadableBook("the file is not UTF-8 and does not state its charset (" + unknown.get()
                    + "); pass it, such as --charset windows-1251, or export the contacts as UTF-8");
        }
        notices.addAll(text.notices());
        readAll(text);
        return new VcardReading(contacts, made, leftOut, notices, media);
    }

    private static void refuseUnlessWhole(FileText text) throws UnreadableBook {
        if (text.begun() == 0 && !text.isBlank()) {
            throw new UnreadableBook("the file contains no vCard (no line BEGIN:VCARD); export the contacts as .vcf");
        }
        if (text.begun() != text.ended()) {
            throw new UnreadableBook("the file is damaged or cut off: " + text.begun() + " vCards begin and "
                    + text.ended() + " end; export or copy it again");
        }
    }

    private void readAll(FileText text) {
        LineReader lines = text.reader();
        try (VCardReader reader = new VCardReader(lines)) {
            reader.setDefaultQuotedPrintableCharset(StandardCharsets.UTF_8);
            reader.registerScribe(new NameParts.Scribe());
            reader.registerScribe(new NameDetails.SoundReader());
            // ez-vcard would build a DOM of it, and print to standard error where it is not well formed.
            reader.registerScribe(new RawPropertyScribe("XML"));
            for (VCard vcard = reader.readNext(); vcard != null; vcard = reader.readNext()) {
                position++;
                String label = label(vcard);
                add(vcard, label);
                reader.getWarnings().forEach(warning -> report(warning, label, lines));
            }
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory is read without I/O", e);
        }
    }

    private void add(VCard vcard, String label) {
        Uid uid = uids.uidOf(vcard);
        Card whole = mapping.card(vcard);
        SizedCard sized = SizedCard.of(whole);
        if (sized.card().isEmpty()) {
            leftOut.add(uid);
            notices.add(new Notice(
                    Notice.Kind.TOO_LARGE,
                    label,
                    kib(sized.bytes()) + " KiB of text and keys, and a contact has at most "
                            + kib(CardProfile.MAX_CARD_BYTES) + " KiB: it was left out",
                    "shorten its notes and push again; on the server it stays unchanged"));
            return;
        }
        CanonicalCard card = sized.card().get();
        CanonicalCard other = seen.get(uid);
        if (other != null && card.equals(other)) {
            notices.add(new Notice(
                    Notice.Kind.SAME_TWICE,
                    label,
                    "occurs twice in the file with the same content",
                    "it is sent once"));
            return;
        }
        if (other != null) {
            uid = uids.besides(uid);
            notices.add(new Notice(
                    Notice.Kind.UID_TAKEN,
                    label,
                    "has the UID of another contact in the file",
                    "both are kept; give one of them its own UID to tell them apart"));
        }
        if (sized.withoutMedia()) {
            notices.add(new Notice(
                    Notice.Kind.WITHOUT_MEDIA,
                    label,
                    "with its picture " + kib(sized.bytes()) + " KiB, and a contact has at most "
                            + kib(CardProfile.MAX_CARD_BYTES) + " KiB: it is sent without the picture",
                    "make the picture smaller and push again"));
            CardValue left = whole.root().values().get(SizedCard.MEDIA);
            if (keepsMedia && left != null) {
                media.put(uid, left);
            }
        }
        if (!ContactUids.isDeclared(vcard)) {
            made.add(uid);
        }
        seen.put(uid, card);
        contacts.add(new FoundContact(uid, card, label));
    }

    private void report(ParseWarning warning, String label, LineReader lines) {
        if (warning.getCode() != null && LEFT_OUT.contains(warning.getCode())) {
            String where =
                    warning.getLineNumber() == null ? "a line" : "line " + lines.numberInFile(warning.getLineNumber());
            String what = Optional.ofNullable(warning.getPropertyName())
                    .map(name -> " (" + name + ")")
                    .orElse("");
            notices.add(new Notice(
                    Notice.Kind.LINE_LEFT_OUT,
                    label,
                    where + what + " is not valid vCard and was left out",
                    "check the file there"));
        }
    }

    private String label(VCard vcard) {
        String name = Optional.ofNullable(vcard.getFormattedName())
                .map(full -> full.getValue())
                .or(() -> Optional.ofNullable(vcard.getProperty(NameParts.class))
                        .map(parts -> String.join(
                                " ",
                                parts.components().stream()
                                        .flatMap(List::stream)
                                        .toList())))
                .map(text -> PlainText.of(text).replace('\n', ' ').strip())
                .filter(text -> !text.isEmpty())
                .orElse("without name");
        return "contact " + position + " (" + name + ")";
    }

    private static int kib(int bytes) {
        return (bytes + 1023) / 1024;
    }
}
