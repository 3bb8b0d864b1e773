package org.contactsync.client.device;

import java.time.Clock;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.contactsync.client.local.LocalDatabase;

/**
 * How many contacts were deleted on one side within a day, without a person's agreement: an accident may empty a book slowly, too. For one
 * task, in one thread.
 */
final class RecentDeletes {
    private static final Duration WINDOW = Duration.ofHours(24);

    /** A question that stays open is written down no more often. */
    private static final Duration OFTEN = Duration.ofHours(1);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) (\\d{1,18})");

    private final LocalDatabase database;
    private final Clock clock;
    private final String name;

    private RecentDeletes(LocalDatabase database, Clock clock, String name) {
        this.database = database;
        this.clock = clock;
        this.name = name;
    }

    static RecentDeletes onServer(LocalDatabase database, Clock clock) {
        return new RecentDeletes(database, clock, "server-deletes");
    }

    static RecentDeletes onPhone(LocalDatabase database, Clock clock) {
        return new RecentDeletes(database, clock, "phone-deletes");
    }

    /** Of the day that began with the first one; 0 if it is over, or the clock was set back. */
    long count() {
        Matcher found = found();
        return isNow(found) ? Long.parseLong(found.group(2)) : 0;
    }

    /** So many more; in the transaction that writes down that they are made. */
    void add(long deletes) {
        if (deletes > 0) {
            Matcher found = found();
            String began = isNow(found) ? found.group(1) : Long.toString(clock.millis());
            database.setValue(name, began + " " + (count() + deletes));
        }
    }

    /** A person is asked about more of them: as long as nobody answers, those before count. */
    void asked() {
        Matcher found = found();
        if (isNow(found) && clock.millis() - Long.parseLong(found.group(1)) > OFTEN.toMillis()) {
            database.write(() -> {
                database.setValue(name, clock.millis() + " " + found.group(2));
                return 0;
            });
        }
    }

    /** A person has agreed to what was deleted until now. */
    void agreed() {
        if (count() > 0) {
            database.write(() -> {
                database.setValue(name, "");
                return 0;
            });
        }
    }

    private Matcher found() {
        return FORM.matcher(database.value(name).orElse(""));
    }

    private boolean isNow(Matcher found) {
        if (!found.matches()) {
            return false;
        }
        long age = clock.millis() - Long.parseLong(found.group(1));
        return age >= 0 && age < WINDOW.toMillis();
    }
}
