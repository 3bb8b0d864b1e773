package org.contactsync.client.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.compare.KnownBook.KnownContact;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.Change.Delete;
import org.contactsync.protocol.request.Change.Expected;
import org.contactsync.protocol.request.Change.Put;

/**
 * Decides, contact by contact, what a push does. Three books are compared: the phone's, the server's, and the phone's at the
 * last agreement ({@link KnownContact#sent}).
 *
 * <pre>
 *   phone              server                       then
 *   has it             has it not                   add
 *   has it             the same                     nothing
 *   as last time       changed by another device    nothing, and say so: theirs is newer
 *   changed            as this client sent it       change it to what the phone has
 *   changed            changed by another device    a conflict: {@link OnConflict} decides
 *   has it             another, and never agreed    a conflict: nobody knows whose is newer
 *   has it no more     as this client sent it       delete
 *   has it no more     changed by another device    nothing, and say so
 *   never had it       has it                       nothing, and count it
 * </pre>
 */
public final class Comparison {
    private final PhoneBook phone;
    private final KnownBook server;
    private final CheckCodes codes;
    private final boolean serverWins;
    private final Map<Uid, ContentHash> conflicts = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final Map<Uid, Optional<ContentHash>> outcome = new LinkedHashMap<>();
    private final Map<Uid, Optional<ContentHash>> seenEqual = new LinkedHashMap<>();
    private final List<Uid> theirs = new ArrayList<>();
    private int added;
    private int changed;
    private int deleted;
    private int unchanged;
    private int unknown;

    private Comparison(PhoneBook phone, KnownBook server, CheckCodes codes, boolean serverWins) {
        this.phone = phone;
        this.server = server;
        this.codes = codes;
        this.serverWins = serverWins;
    }

    /** The careful way: what others did on the server is respected. */
    public static Difference careful(PhoneBook phone, KnownBook server, CheckCodes codes, OnConflict onConflict) {
        Comparison comparison = new Comparison(phone, server, codes, onConflict == OnConflict.SERVER);
        phone.contacts().forEach(comparison::compare);
        server.contacts().forEach(comparison::compareMissing);
        return comparison.difference();
    }

    /** The server's book becomes the phone's, whatever others did; what the phone could not send is left alone. */
    public static Difference exact(PhoneBook phone, KnownBook server, CheckCodes codes) {
        Comparison comparison = new Comparison(phone, server, codes, false);
        phone.contacts()
                .forEach((uid, card) -> comparison.put(
                        uid, card, Optional.ofNullable(server.contacts().get(uid))));
        server.contacts().forEach((uid, contact) -> {
            if (!comparison.has(uid)) {
                comparison.delete(uid, contact);
            }
        });
        return comparison.difference();
    }

    private void compare(Uid uid, CanonicalCard card) {
        Optional<KnownContact> known = Optional.ofNullable(server.contacts().get(uid));
        boolean theirsIsNewer = known.isPresent()
                && known.get().changedByOthers()
                && known.get().sent().equals(Optional.of(codes.contentHash(card)));
        if (theirsIsNewer) {
            theirs.add(uid);
        } else {
            put(uid, card, known);
        }
    }

    private void compareMissing(Uid uid, KnownContact contact) {
        if (has(uid)) {
            return;
        }
        if (contact.sent().isEmpty()) {
            unknown++;
        } else if (contact.changedByOthers()) {
            theirs.add(uid);
        } else {
            delete(uid, contact);
        }
    }

    private boolean has(Uid uid) {
        return phone.contacts().containsKey(uid) || phone.leftOut().contains(uid);
    }

    private void put(Uid uid, CanonicalCard card, Optional<KnownContact> known) {
        Optional<ContentHash> hash = Optional.of(codes.contentHash(card));
        Optional<ContentHash> before = known.map(KnownContact::onServer);
        if (before.equals(hash)) {
            unchanged++;
            seenEqual.put(uid, hash);
            return;
        }
        if (known.isPresent() && inConflict(known.get())) {
            conflicts.put(uid, known.get().onServer());
            if (serverWins) {
                return;
            }
        }
        if (known.isPresent()) {
            changed++;
        } else {
            added++;
        }
        changes.add(new Put(uid, card, Optional.of(new Expected(before))));
        outcome.put(uid, hash);
    }

    /** Of a contact that phone and server have differently: whether overwriting it loses what somebody else made. */
    private static boolean inConflict(KnownContact known) {
        return known.sent().isEmpty() || known.changedByOthers();
    }

    private void delete(Uid uid, KnownContact contact) {
        deleted++;
        changes.add(new Delete(uid, Optional.of(new Expected(Optional.of(contact.onServer())))));
        outcome.put(uid, Optional.empty());
    }

    private Difference difference() {
        return new Difference(
                changes,
                outcome,
                server.withOurs(seenEqual),
                new Difference.Counts(added, changed, deleted, unchanged, unknown),
                theirs,
                conflicts);
    }
}
