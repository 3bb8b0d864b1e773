package org.contactsync.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.client.compare.HashedBook;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.TreeClient;
import org.contactsync.client.remote.TreeClient.TreeNodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.json.PageReader.Entries;

/**
 * Finds the hashes of the server's book by its digest tree (protocol §10): where a node is that of a book on this side, its
 * contacts are known; below the others the server is asked. Nothing of what it finds is proven: who uses it compares the check code
 * of the whole. For one comparison, in one thread.
 */
public final class TreeComparison {
    /** Of one request (protocol 4.7). */
    private static final int PREFIXES = 256;

    private static final int NODES = 4_096;

    /** Of 200,000 contacts that differ, one in 20,000 books has one with the same beginning; its check code shows it. */
    private static final int SHORT_HASH = 4;

    private static final byte SERVER = -1;

    private final TreeClient tree;
    private final CheckCodes codes;
    private final List<HashedBook> books;
    private final BookHead head;

    /** For each position the book on this side that is the same there, or {@link #SERVER}. */
    private final byte[] same = new byte[1 << 4 * Position.DIGITS];

    private boolean lists = true;
    private boolean shortens;
    private boolean moved;

    /**
     * @param books on this side, of which the server's may have parts
     * @param head the server's book, whose check code all answers must have (protocol 10.3)
     * @param shortens asks for shortened hashes where that is cheaper
     */
    public TreeComparison(TreeClient tree, CheckCodes codes, List<HashedBook> books, BookHead head, boolean shortens) {
        this.tree = tree;
        this.codes = codes;
        this.books = List.copyOf(books);
        this.head = head;
        this.shortens = shortens;
        Arrays.fill(same, SERVER);
    }

    /** @return empty when the server's book has changed meanwhile */
    public Optional<Map<Uid, ContentHash>> find() throws ServerUnreachable, ServerRefusal {
        List<String> open = head.count() == 0 || wholeIsKnown() ? List.of() : List.of("");
        int level = 0;
        while (!open.isEmpty() && !moved) {
            RepairPlan.Step step = next(open, level);
            if (step.levels() == 0) {
                return entries(open, step.shortened()).map(this::together);
            }
            Optional<List<String>> below = descend(open, step.levels());
            if (below.isPresent()) {
                open = below.get();
                level += step.levels();
            }
        }
        return moved ? Optional.empty() : Optional.of(together(Map.of()));
    }

    private boolean wholeIsKnown() {
        for (int i = 0; i < books.size(); i++) {
            if (books.get(i).checkCode().equals(head.checkCode())) {
                Arrays.fill(same, (byte) i);
                return true;
            }
        }
        return false;
    }

    private RepairPlan.Step next(List<String> open, int level) {
        int largest = books.stream().mapToInt(HashedBook::size).max().orElse(0);
        if (largest == 0) {
            return new RepairPlan.Step(0, false); // everything is new
        }
        long least = books.stream()
                .mapToLong(book -> Math.abs(book.size() - head.count()))
                .min()
                .orElse(0);
        long own = open.stream()
                .mapToLong(prefix -> books.stream()
                        .mapToLong(book -> book.count(prefix))
                        .max()
                        .orElse(0))
                .sum();
        long share = (long) Math.ceil(head.count() * open.size() / Math.pow(16, level));
        return new RepairPlan(lists, shortens)
                .next(RepairPlan.Place.of(level, open.size(), Math.max(own, share), least));
    }

    /** The nodes below that no book on this side has. Empty when the server does not answer so, or its book has changed. */
    private Optional<List<String>> descend(List<String> open, int depth) throws ServerUnreachable, ServerRefusal {
        List<String> differing = new ArrayList<>();
        for (List<String> part : parts(open, Math.min(PREFIXES, NODES >> 4 * depth))) {
            Optional<TreeNodes> answer = tree.nodes(part, depth);
            if (answer.isEmpty()) {
                lists = false;
                return Optional.empty();
            }
            if (isMoved(answer.get().checkCode())) {
                return Optional.empty();
            }
            int each = 1 << 4 * depth;
            for (int i = 0; i < part.size(); i++) {
                List<String> theirs = answer.get().nodes().subList(i * each, (i + 1) * each);
                differing.addAll(differing(part.get(i), depth, theirs));
            }
        }
        return Optional.of(differing);
    }

    private List<String> differing(String prefix, int depth, List<String> theirs) {
        List<List<String>> ours =
                books.stream().map(book -> book.nodes(prefix, depth)).toList();
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < theirs.size(); i++) {
            String name = prefix + Integer.toHexString(i | 1 << 4 * depth).substring(1);
            byte book = SERVER;
            for (int b = 0; b < ours.size() && book == SERVER; b++) {
                book = ours.get(b).get(i).equals(theirs.get(i)) ? (byte) b : SERVER;
            }
            if (book == SERVER) {
                differing.add(name);
            } else {
                PositionRange range = PositionRange.below(name);
                Arrays.fill(same, range.first().value(), range.last().value() + 1, book);
            }
        }
        return differing;
    }

    /** Whole hashes of the contacts that the server has below nodes. Empty when its book has changed. */
    private Optional<Map<Uid, ContentHash>> entries(Collection<String> prefixes, boolean shortened)
            throws ServerUnreachable, ServerRefusal {
        Map<Uid, ContentHash> found = new HashMap<>();
        TreeSet<String> unknown = new TreeSet<>();
        for (List<String> part : parts(List.copyOf(prefixes), PREFIXES)) {
            Optional<Entries<String>> beginnings =
                    shortened && shortens ? tree.shortEntries(part, SHORT_HASH) : Optional.empty();
            shortens &= !shortened || beginnings.isPresent();
            if (beginnings.isEmpty()) {
                Entries<ContentHash> whole = tree.entries(part);
                if (isMoved(whole.checkCode())) {
                    return Optional.empty();
                }
                found.putAll(whole.entries());
                continue;
            }
            if (isMoved(beginnings.get().checkCode())) {
                return Optional.empty();
            }
            beginnings
                    .get()
                    .entries()
                    .forEach((uid, begin) -> known(uid, begin)
                            .ifPresentOrElse(
                                    hash -> found.put(uid, hash),
                                    () -> unknown.add(codes.position(uid).hex())));
        }
        if (unknown.isEmpty()) {
            return Optional.of(found);
        }
        return entries(unknown, false).map(whole -> {
            found.putAll(whole);
            return found;
        });
    }

    private Optional<ContentHash> known(Uid uid, String begin) {
        return books.stream().flatMap(book -> book.hash(uid, begin).stream()).findFirst();
    }

    private boolean isMoved(CheckCode code) {
        moved |= !code.equals(head.checkCode());
        return moved;
    }

    private Map<Uid, ContentHash> together(Map<Uid, ContentHash> fromServer) {
        Map<Uid, ContentHash> all = new HashMap<>();
        for (int i = 0; i < books.size(); i++) {
            byte book = (byte) i;
            books.get(i).forEach((uid, hash, position) -> {
                if (same[position.value()] == book) {
                    all.put(uid, hash);
                }
            });
        }
        all.putAll(fromServer);
        return all;
    }

    private static List<List<String>> parts(List<String> all, int most) {
        List<List<String>> parts = new ArrayList<>();
        for (int i = 0; i < all.size(); i += most) {
            parts.add(all.subList(i, Math.min(i + most, all.size())));
        }
        return parts;
    }
}
