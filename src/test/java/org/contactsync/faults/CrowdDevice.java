package org.contactsync.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.contactsync.faults.Operation.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The only device of its user, one of many that send a change of one contact at the same moment, several times a second. Such changes wait together and
 * share commits (decision 56). A device whose change is not answered repeats it with the others' next ones. One thread at a time.
 */
final class CrowdDevice extends BookDevice {
    /** From one common moment to the next one, in nanoseconds. */
    private static final long BEAT = Duration.ofMillis(500).toNanos();

    /** For one change, before the device waits for the next moment. */
    private static final long PATIENCE = Duration.ofSeconds(5).toNanos();

    private static final int CONTACTS = 12;

    private @Nullable Pursuit left;

    CrowdDevice(String user, Api api, Log log, Random random) {
        super(user, user, api, log, random);
    }

    @Override
    public void run(LongSupplier until) {
        while (api.now() < until.getAsLong()) {
            PlainCodes arithmetic = codes;
            if (arithmetic == null) {
                readHead();
            } else if (left == null && (code.isEmpty() || random.nextInt(10) == 0)) {
                readContacts();
            } else {
                Pursuit.rest(Duration.ofNanos(BEAT - api.now() % BEAT).toMillis());
                Pursuit next = left == null ? patch(arithmetic) : left;
                next.go(Math.min(until.getAsLong(), api.now() + PATIENCE));
                after(next);
            }
        }
    }

    @Override
    public void end(long until) {
        if (left != null) {
            left.end(until);
        }
        readAll();
    }

    private Patching patch(PlainCodes arithmetic) {
        String uid = "contact-%02d".formatted(random.nextInt(CONTACTS));
        Edit edit = book.containsKey(uid) && random.nextInt(5) == 0 ? Edit.delete(uid) : Edit.put(uid, card());
        boolean rebase = random.nextBoolean();
        List<Edit> edits = List.of(rebase ? edit.over(book, arithmetic) : edit);
        Map<String, String> after = new TreeMap<>(book);
        edit.applyTo(after);
        Optional<String> checkAfter =
                random.nextBoolean() ? Optional.of(arithmetic.checkCode(after)) : Optional.empty();
        Operation operation = log.begin(user, name, Kind.PATCH, UUID.randomUUID(), code, rebase, edits);
        return new Patching(operation, api, random, checkAfter, "", false);
    }

    private void after(Pursuit pursuit) {
        Operation operation = pursuit.operation();
        if (operation.isUnknown()) {
            left = pursuit;
            return;
        }
        left = null;
        if (operation.outcome() instanceof Outcome.Ok said && !said.rebased()) {
            operation.request().edits().forEach(edit -> edit.applyTo(book));
            code = said.checkCode();
        } else {
            code = "";
        }
    }
}
