package org.contactsync.sync.scrub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Sha256;
import org.contactsync.contact.Uid;
import org.contactsync.sync.scrub.Finding.WrongContact;
import org.contactsync.sync.scrub.ScrubRows.Row;

/**
 * What rows come to.
 *
 * @param digest of the entries as they are stored
 * @param bytes of the cards
 * @param lastSeq the highest of all
 * @param wrong how many rows are wrong in themselves
 * @param listed the first of those
 */
record Tally(BookDigest digest, long bytes, long lastSeq, long wrong, List<WrongContact> listed) {
    static final Tally NOTHING = new Tally(BookDigest.EMPTY, 0, 0, 0, List.of());

    Tally plus(Tally next) {
        List<WrongContact> first = new ArrayList<>(listed);
        next.listed.stream().limit(Finding.MOST_LISTED - first.size()).forEach(first::add);
        return new Tally(
                digest.plus(next.digest),
                bytes + next.bytes,
                Math.max(lastSeq, next.lastSeq),
                wrong + next.wrong,
                List.copyOf(first));
    }

    static Tally of(List<Row> rows, CheckCodes codes) {
        BookDigest digest = BookDigest.EMPTY;
        long bytes = 0;
        long lastSeq = 0;
        long wrong = 0;
        List<WrongContact> listed = new ArrayList<>();
        for (Row row : rows) {
            lastSeq = Math.max(lastSeq, row.seq());
            bytes += row.card() == null ? 0 : row.card().length;
            if (row.hash() != null) {
                digest = digest.plus(entry(row).orElse(EntrySum.ZERO));
            }
            Set<Part> parts = wrongParts(row, codes);
            if (!parts.isEmpty()) {
                wrong++;
                if (listed.size() < Finding.MOST_LISTED) {
                    listed.add(new WrongContact(HexFormat.of().formatHex(Sha256.digest(row.uid())), parts));
                }
            }
        }
        return new Tally(digest, bytes, lastSeq, wrong, listed);
    }

    private static Set<Part> wrongParts(Row row, CheckCodes codes) {
        Optional<Uid> uid = uid(row);
        if (uid.isEmpty()) {
            return EnumSet.of(Part.UID);
        }
        Set<Part> wrong = EnumSet.noneOf(Part.class);
        if (row.position() != codes.position(uid.get()).value()) {
            wrong.add(Part.POSITION);
        }
        Optional<ContentHash> hash = hash(row);
        if (row.card() == null && row.hash() == null) {
            return wrong;
        }
        if (row.card() == null || !hash.equals(contentHash(row.card(), codes))) {
            wrong.add(Part.CARD);
        }
        if (hash.isPresent()
                && !Arrays.equals(
                        row.entry(), codes.entry(uid.get(), hash.get()).bytes())) {
            wrong.add(Part.ENTRY);
        }
        return wrong;
    }

    private static Optional<Uid> uid(Row row) {
        try {
            return Optional.of(Uid.of(row.uid())).filter(uid -> Arrays.equals(uid.utf8(), row.uid()));
        } catch (IllegalArgumentException noUid) {
            return Optional.empty();
        }
    }

    private static Optional<ContentHash> hash(Row row) {
        try {
            return Optional.ofNullable(row.hash()).map(ContentHash::of);
        } catch (IllegalArgumentException noHash) {
            return Optional.empty();
        }
    }

    private static Optional<ContentHash> contentHash(byte[] card, CheckCodes codes) {
        try {
            return Optional.of(codes.contentHash(CanonicalCard.ofTrusted(card)));
        } catch (IllegalArgumentException tooLarge) {
            return Optional.empty();
        }
    }

    private static Optional<EntrySum> entry(Row row) {
        try {
            return Optional.of(EntrySum.of(row.entry()));
        } catch (IllegalArgumentException noEntry) {
            return Optional.empty();
        }
    }
}
