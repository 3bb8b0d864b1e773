package org.contactsync.faults;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.contactsync.faults.Operation.Kind;

/**
 * A device that changes its user's book at random, with its own idea of what is in it, which is often old. It writes down all
 * that it does. One thread at a time.
 */
final class Device extends BookDevice {
    private static final int CONTACTS = 30;
    private static final int MOST_LEFT = 3;
    private static final List<String> PREFERENCES = List.of("", "", "wait=1", "wait=2", "wait=10", "respond-async");

    private final List<String> codesBefore = new ArrayList<>();
    private List<String> trash = List.of();
    private final ArrayDeque<Pursuit> left = new ArrayDeque<>();
    private boolean stale = true;

    Device(String user, String name, Api api, Log log, Random random) {
        super(user, name, api, log, random);
    }

    @Override
    public void run(LongSupplier until) {
        while (api.now() < until.getAsLong()) {
            Pursuit.rest(5 + random.nextInt(120));
            if (codes == null || random.nextInt(20) == 0) {
                readHead();
                continue;
            }
            if (code.isEmpty() || (stale && random.nextInt(5) > 0)) {
                if (readContacts()) {
                    codesBefore.add(code);
                    stale = false;
                }
                continue;
            }
            if (random.nextInt(12) == 0) {
                readPast();
                continue;
            }
            Pursuit next = left.size() > MOST_LEFT ? left.remove() : newWork(codes);
            next.go(Math.min(
                    until.getAsLong(),
                    api.now() + Duration.ofSeconds(3 + random.nextInt(15)).toNanos()));
            after(next);
        }
    }

    @Override
    public void end(long until) {
        left.forEach(each -> each.end(until));
        if (codes != null) {
            readAll();
        }
    }

    private Pursuit newWork(PlainCodes arithmetic) {
        int choice = random.nextInt(100);
        if (book.isEmpty() && choice < 30) {
            return upload(Kind.INITIAL, arithmetic);
        }
        if (choice < 5) {
            return upload(Kind.REPLACE, arithmetic);
        }
        if (choice < 12) {
            return upload(Kind.CHANGES, arithmetic);
        }
        if (choice < 17 && !trash.isEmpty()) {
            return undo(Kind.TRASH, "", trash.get(random.nextInt(trash.size())));
        }
        if (choice >= 17 && choice < 20 && !codesBefore.isEmpty()) {
            return undo(Kind.RESTORE, code, codesBefore.get(random.nextInt(codesBefore.size())));
        }
        return patch(arithmetic);
    }

    private Undoing undo(Kind kind, String first, String target) {
        Operation operation = log.beginRestore(user, name, kind, UUID.randomUUID(), first, target);
        return new Undoing(operation, api, random);
    }

    private Patching patch(PlainCodes arithmetic) {
        boolean rebase = random.nextInt(3) > 0;
        List<Edit> edits = edits(random.nextInt(10) < 7 ? 1 : 2 + random.nextInt(7), true);
        if (rebase) {
            edits = edits.stream().map(edit -> edit.over(book, arithmetic)).toList();
        }
        Optional<String> checkAfter = Optional.empty();
        if (random.nextBoolean()) {
            Map<String, String> after = new TreeMap<>(book);
            edits.forEach(edit -> edit.applyTo(after));
            checkAfter = Optional.of(arithmetic.checkCode(after));
        }
        String prefer = PREFERENCES.get(random.nextInt(PREFERENCES.size()));
        Operation operation = log.begin(user, name, Kind.PATCH, UUID.randomUUID(), code, rebase, edits);
        return new Patching(operation, api, random, checkAfter, prefer, random.nextInt(10) == 0);
    }

    private Uploading upload(Kind kind, PlainCodes arithmetic) {
        List<Edit> edits = edits(4 + random.nextInt(20), kind == Kind.CHANGES);
        List<List<Edit>> chunks = new ArrayList<>();
        int size = 1 + random.nextInt(edits.size());
        for (int from = 0; from < edits.size(); from += size) {
            chunks.add(edits.subList(from, Math.min(edits.size(), from + size)));
        }
        int ending = random.nextInt(10);
        Operation operation = log.begin(user, name, kind, UUID.randomUUID(), code, false, edits);
        return new Uploading(
                operation,
                api,
                random,
                chunks,
                book,
                arithmetic,
                ending < 8 ? Uploading.Ending.COMMIT : ending == 8 ? Uploading.Ending.CANCEL : Uploading.Ending.LEAVE);
    }

    /** Of different contacts; the first one is a put of a card that never was. */
    private List<Edit> edits(int most, boolean deletes) {
        Map<String, Edit> edits = new LinkedHashMap<>();
        for (int i = 0; i < most; i++) {
            String uid = uid(random.nextInt(CONTACTS));
            // A condition that a contact is not there is no condition for its delete.
            boolean delete = deletes && book.containsKey(uid) && (i > 0 || most == 1) && random.nextInt(5) == 0;
            edits.putIfAbsent(uid, delete ? Edit.delete(uid) : Edit.put(uid, card()));
        }
        return List.copyOf(edits.values());
    }

    private static String uid(int number) {
        return number % 7 == 0 ? "联系人-" + number : "contact-%02d".formatted(number);
    }

    private void after(Pursuit pursuit) {
        Operation operation = pursuit.operation();
        if (operation.isUnknown()) {
            left.add(pursuit);
            stale = true;
            return;
        }
        boolean undoes = pursuit instanceof Undoing;
        if (operation.outcome() instanceof Outcome.Ok said
                && !undoes
                && !said.rebased()
                && operation.request().firstCode().equals(code)) {
            if (operation.request().kind().replaces()) {
                book.clear();
            }
            operation.request().edits().forEach(edit -> edit.applyTo(book));
            code = said.checkCode();
        } else {
            stale = true;
        }
        boolean byTask =
                operation.attempts().stream().anyMatch(each -> !each.step().equals("PATCH"));
        if (pursuit instanceof Patching patching && !byTask && random.nextInt(12) == 0) {
            if (random.nextBoolean()) {
                api.change();
            }
            patching.repeat();
        }
    }

    private void readPast() {
        boolean answered;
        if (random.nextBoolean()) {
            answered = past.readHistory(1 + random.nextInt(20));
        } else {
            Optional<List<String>> found = past.readTrash();
            found.ifPresent(uids -> trash = uids);
            answered = found.isPresent();
        }
        if (!answered) {
            lost();
        }
    }
}
