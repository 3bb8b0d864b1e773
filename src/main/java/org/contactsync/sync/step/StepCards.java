package org.contactsync.sync.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.LostCard;

/** The parts of a step that have cards, as bytes; see {@link StepCodec}. */
final class StepCards {
    /** A number of changes is not trusted to be the size of a list. */
    private static final int SLICE = 1_000;

    private StepCards() {}

    static void writeChanges(StepOutput out, List<Change> changes) {
        out.writeInt(changes.size());
        for (Change change : changes) {
            writeChange(out, change);
        }
    }

    static List<Change> readChanges(StepInput in) {
        int size = in.readInt();
        List<Change> changes = new ArrayList<>(Math.min(size, SLICE));
        for (int i = 0; i < size; i++) {
            changes.add(readChange(in));
        }
        return changes;
    }

    static void writeLost(StepOutput out, List<LostCard> lost) {
        out.writeInt(lost.size());
        for (LostCard card : lost) {
            out.writeText(card.uid().value());
            out.writeBytes(card.card().utf8());
        }
    }

    static List<LostCard> readLost(StepInput in) {
        int size = in.readInt();
        List<LostCard> lost = new ArrayList<>(Math.min(size, SLICE));
        for (int i = 0; i < size; i++) {
            lost.add(new LostCard(new Uid(in.readText()), CanonicalCard.ofTrusted(in.readBytes())));
        }
        return lost;
    }

    private static void writeChange(StepOutput out, Change change) {
        boolean put = change instanceof Change.Put;
        out.writeBoolean(put);
        out.writeText(change.uid().value());
        if (change instanceof Change.Put with) {
            out.writeBytes(with.card().utf8());
        }
        out.writeBoolean(change.expected().isPresent());
        if (change.expected().isPresent()) {
            out.writeOptional(change.expected().get().hash().map(ContentHash::hex));
        }
    }

    private static Change readChange(StepInput in) {
        boolean put = in.readBoolean();
        Uid uid = new Uid(in.readText());
        if (put) {
            CanonicalCard card = CanonicalCard.ofTrusted(in.readBytes());
            return new Change.Put(uid, card, readExpected(in));
        }
        return new Change.Delete(uid, readExpected(in));
    }

    private static Optional<Change.Expected> readExpected(StepInput in) {
        return in.readBoolean()
                ? Optional.of(new Change.Expected(in.readOptional().map(ContentHash::ofHex)))
                : Optional.empty();
    }
}
