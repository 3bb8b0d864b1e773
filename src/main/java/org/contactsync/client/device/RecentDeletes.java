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

    /** @param began the first one, in ms since the epoch; or when a person was asked last */
    private record Day(long began, long deletes) {}

    /** Of the day that began with the first one; 0 if it is over, or the clock was set back. */
    long count() {
        return today().deletes();
    }

    /** So many more; in the transaction that writes down that they are made. */
    void add(long deletes) {
        if (deletes > 0) {
            Day today = today();
            set(new Day(today.began(), today.deletes() + deletes));
        }
    }

    /** A person is asked about more of them: as long as nobody answers, those before count. */
    void asked() {
        Day today = today();
        if (clock.millis() - today.began() > OFTEN.toMillis()) {
            write(() -> set(new Day(clock.millis(), today.deletes())));
        }
    }

    /** A person has agreed to what was deleted until now. */
    void agreed() {
        if (count() > 0) {
            write(() -> database.setValue(name, ""));
        }
    }

    /** One that begins now if none is going on. */
    private Day today() {
        Matcher found = FORM.matcher(database.value(name).orElse(""));
        if (found.matches()) {
            Day day = new Day(Long.parseLong(found.group(1)), Long.parseLong(found.group(2)));
            long age = clock.millis() - day.began();
            if (age >= 0 && age < WINDOW.toMillis()) {
                return day;
            }
        }
        return new Day(clock.millis(), 0);
    }

    private void set(Day day) {
        database.setValue(name, day.began() + " " + day.deletes());
    }

    private void write(Runnable work) {
        database.write(() -> {
            work.run();
            return 0;
        });
    }
}
