package org.contactsync.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.contact.Uid;

/**
 * The book of an honest user as its device knows it: numbered contacts of about 700 bytes, each in the variant that it last had. The
 * order of the numbers is the order of the uids. One thread at a time.
 */
final class HonestBook {
    private static final String NOTE =
            "Met at the conference in autumn; prefers calls before noon. Zoë 刘刚 😀 ".repeat(6);

    private final CheckCodes codes;
    private final int[] variants;
    private final EntrySum[] entries;
    private BookDigest digest = BookDigest.EMPTY;
    private int staged;

    HonestBook(CheckKey key, int size) {
        codes = new CheckCodes(key);
        variants = new int[size];
        entries = new EntrySum[size];
        java.util.Arrays.fill(entries, EntrySum.ZERO);
    }

    int size() {
        return variants.length;
    }

    static String uid(int number) {
        return String.format(Locale.ROOT, "contact-%06d", number);
    }

    /** The number of a uid. */
    static int number(String uid) {
        return Integer.parseInt(uid.substring("contact-".length()));
    }

    /** The contact's card as it is, in canonical form. */
    String card(int number) {
        return card(number, variants[number]);
    }

    private static String card(int number, int variant) {
        return String.format(
                Locale.ROOT,
                "{\"@type\":\"Card\",\"name\":{\"full\":\"Contact %d\"},\"notes\":{\"k1\":{\"note\":\"%s\"}},"
                        + "\"phones\":{\"k1\":{\"number\":\"+44 7700 %09d\"}},\"version\":\"1.0\"}",
                number,
                NOTE,
                variant);
    }

    /** The content hash of the contact as it is. */
    String hash(int number) {
        return codes.contentHash(canonical(number)).hex();
    }

    /** Gives the contact another variant. */
    void change(int number) {
        variants[number]++;
        EntrySum entry = entry(number);
        digest = digest.minus(entries[number]).plus(entry);
        entries[number] = entry;
    }

    /** Begins a book of the same contacts in their next variants; {@link #stage} adds them in their order. */
    void begin() {
        digest = BookDigest.EMPTY;
        staged = 0;
    }

    /** The body of a chunk with the next contacts; {@link #code} is then the running check code. */
    byte[] stage(int contacts) {
        StringBuilder body = new StringBuilder(contacts * 800).append("{\"contacts\":[");
        int end = Math.min(size(), staged + contacts);
        for (String comma = ""; staged < end; staged++, comma = ",") {
            variants[staged]++;
            entries[staged] = entry(staged);
            digest = digest.plus(entries[staged]);
            body.append(comma)
                    .append("{\"uid\":\"")
                    .append(uid(staged))
                    .append("\",\"card\":")
                    .append(card(staged))
                    .append('}');
        }
        return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    String code() {
        return codes.checkCode(digest).value();
    }

    /** The 16 bytes of each of the 256 nodes of the second level. */
    byte[] nodes() {
        DigestTree tree = new DigestTree();
        for (int number = 0; number < size(); number++) {
            tree.add(codes.position(new Uid(uid(number))), entries[number]);
        }
        byte[] all = new byte[256 * 16];
        int at = 0;
        for (var node : tree.nodes("", 2).entrySet()) {
            System.arraycopy(codes.node(node.getKey(), node.getValue()), 0, all, at, 16);
            at += 16;
        }
        return all;
    }

    /** Whether the contact belongs to the node. */
    boolean below(String prefix, int number) {
        return codes.position(new Uid(uid(number))).hex().startsWith(prefix);
    }

    private EntrySum entry(int number) {
        return codes.entry(new Uid(uid(number)), codes.contentHash(canonical(number)));
    }

    private CanonicalCard canonical(int number) {
        return CanonicalCard.ofTrusted(card(number).getBytes(StandardCharsets.UTF_8));
    }
}
