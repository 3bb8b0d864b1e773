package org.contactsync.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What is measured and for how long, from system properties.
 *
 * @param only parts to run, in the order of {@link #PARTS} ({@code bench.only})
 * @param seconds of measuring in each turn ({@code bench.seconds})
 * @param warmup of the server before a part's first turn, in seconds ({@code bench.warmup})
 * @param rounds pairs of figure and floor ({@code bench.rounds})
 * @param uploads contacts of the uploads ({@code bench.uploads})
 * @param books contacts of the books of the single client ({@code bench.books})
 * @param growthUsers users in the databases of the part {@code growth} ({@code bench.growth.users})
 * @param clients at once ({@code bench.clients})
 * @param users among whom the clients are shared out ({@code bench.users})
 * @param userBook contacts of each of those users' books ({@code bench.user.book})
 * @param postgres settings of the database, as {@code name=value} ({@code bench.postgres}); durability is not among them
 * @param broker {@code embedded} in the service, or {@code external} ({@code bench.broker})
 * @param writers devices of one user ({@code bench.writers})
 * @param stuck users with a stuck task beside the others ({@code bench.stuck})
 * @param stuckClients of the others ({@code bench.stuck.clients})
 * @param memoryContacts contacts of the upload into a small heap ({@code bench.memory.contacts})
 * @param heap of the server ({@code bench.heap}, as for {@code -Xmx})
 * @param starts of the server on each database ({@code bench.starts})
 * @param idle seconds before an idle server's memory is read ({@code bench.idle})
 * @param seed of all that is made ({@code bench.seed})
 * @param before homes of other packaged servers that this build is compared with ({@code bench.before})
 * @param jfr records the server with the Java Flight Recorder while it is measured ({@code bench.jfr})
 */
record Options(
        List<String> only,
        Duration seconds,
        Duration warmup,
        int rounds,
        List<Integer> uploads,
        List<Integer> books,
        List<Integer> growthUsers,
        List<Integer> clients,
        int users,
        int userBook,
        List<String> postgres,
        String broker,
        int writers,
        int stuck,
        int stuckClients,
        int memoryContacts,
        String heap,
        int starts,
        Duration idle,
        long seed,
        List<String> before,
        boolean jfr) {
    static final List<String> PARTS = List.of(
            "upload",
            "patch",
            "head",
            "growth",
            "tree",
            "feed",
            "history",
            "restore",
            "undo",
            "events",
            "throughput",
            "stuck",
            "writers",
            "dealing",
            "lookup",
            "files",
            "memory",
            "before",
            "embedded",
            "warm",
            "start");

    /** Of the part {@code growth}, which measures some of them. */
    private static final int LEAST_USERS = 100;

    Options {
        if (!PARTS.containsAll(only)) {
            throw new IllegalArgumentException("bench.only: some of " + PARTS + ", not " + only);
        }
        if (!growthUsers.stream().allMatch(count -> count >= LEAST_USERS)) {
            throw new IllegalArgumentException(
                    "bench.growth.users: each at least " + LEAST_USERS + ", not " + growthUsers);
        }
        if (!postgres.stream().allMatch(setting -> setting.matches("[a-z_]+=[^=]+"))) {
            throw new IllegalArgumentException("bench.postgres: name=value,name=value, not " + postgres);
        }
        if (!List.of("embedded", "external").contains(broker)) {
            throw new IllegalArgumentException("bench.broker: embedded or external, not " + broker);
        }
    }

    boolean externalBroker() {
        return broker.equals("external");
    }

    static Options fromSystem() {
        return new Options(
                words("bench.only", String.join(",", PARTS)),
                Duration.ofSeconds(Integer.getInteger("bench.seconds", 30)),
                Duration.ofSeconds(Integer.getInteger("bench.warmup", 120)),
                Integer.getInteger("bench.rounds", 3),
                numbers("bench.uploads", "1000,10000,100000"),
                numbers("bench.books", "1000,10000,100000"),
                numbers("bench.growth.users", "1000,10000,100000"),
                numbers("bench.clients", "1,8,32,128"),
                Integer.getInteger("bench.users", 1_000),
                Integer.getInteger("bench.user.book", 500),
                words("bench.postgres", ""),
                System.getProperty("bench.broker", "embedded"),
                Integer.getInteger("bench.writers", 8),
                Integer.getInteger("bench.stuck", 20),
                Integer.getInteger("bench.stuck.clients", 16),
                Integer.getInteger("bench.memory.contacts", 100_000),
                System.getProperty("bench.heap", "512m"),
                Integer.getInteger("bench.starts", 5),
                Duration.ofSeconds(Integer.getInteger("bench.idle", 30)),
                Long.getLong("bench.seed", 1),
                words("bench.before", ""),
                Boolean.getBoolean("bench.jfr"));
    }

    boolean wants(String part) {
        return only.contains(part) && (!part.equals("before") || !before.isEmpty());
    }

    private static List<String> words(String name, String otherwise) {
        return Arrays.stream(System.getProperty(name, otherwise).split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static List<Integer> numbers(String name, String otherwise) {
        return words(name, otherwise).stream().map(Integer::valueOf).toList();
    }
}
