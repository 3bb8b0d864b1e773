package org.contactsync.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Hostile clients, each with one attack after the other in an order that a seed decides. One thread at a time. */
final class Hostile {
    private final int port;
    private final List<String> tokens;
    private final String largeBookToken;
    private final long seed;
    private final Queue<Attack> order = new ConcurrentLinkedQueue<>();
    private final Crew crew = new Crew();
    private final Map<String, Tried> tried = new TreeMap<>();

    /**
     * What came of an attack so far.
     *
     * @param answers by status; 0: connections that the server ended
     * @param example the first answer 500, or the empty text
     */
    record Tried(int times, Map<Integer, Integer> answers, String example) {}

    /** @param tokens of hostile users, one for each client */
    Hostile(int port, List<String> tokens, String largeBookToken, long seed) {
        this.port = port;
        this.tokens = tokens;
        this.largeBookToken = largeBookToken;
        this.seed = seed;
    }

    /** The attacks whose name contains the text. */
    static List<Attack> catalogue(String part) {
        return Stream.of(ConnectionAttacks.all(), BodyAttacks.all(), BookAttacks.all(), LeftoverAttacks.all())
                .flatMap(List::stream)
                .filter(attack -> attack.name().contains(part))
                .toList();
    }

    /** Begins with the catalogue in a random order, and again when it is through. */
    void begin(List<Attack> catalogue, Duration each) {
        for (int i = 0; i < tokens.size(); i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            String token = tokens.get(i);
            crew.add(() -> work(catalogue, token, random, each), "hostile-" + i);
        }
    }

    /** Returns when the last attacks have ended. */
    void end() {
        crew.end();
    }

    synchronized Map<String, Tried> tried() {
        return new TreeMap<>(tried);
    }

    private void work(List<Attack> catalogue, String token, SplittableRandom random, Duration each) {
        while (crew.works()) {
            Attack attack = next(catalogue, random);
            Attack.Site site = new Attack.Site(port, token, largeBookToken, random, each.toNanos());
            try {
                attack.action().run(site);
            } catch (IOException e) {
                site.pause(200); // the server ended it, or refused what it needed
            }
            note(attack, site);
        }
    }

    private synchronized Attack next(List<Attack> catalogue, RandomGenerator random) {
        if (order.isEmpty()) {
            List<Attack> shuffled = new ArrayList<>(catalogue);
            Collections.shuffle(shuffled, new java.util.Random(random.nextLong()));
            order.addAll(shuffled);
        }
        return order.remove();
    }

    private synchronized void note(Attack attack, Attack.Site site) {
        Tried before = tried.getOrDefault(attack.name(), new Tried(0, Map.of(), ""));
        Map<Integer, Integer> answers = new TreeMap<>(before.answers());
        site.answers().forEach((status, count) -> answers.merge(status, count, Integer::sum));
        String example = before.example().isEmpty() ? site.example() : before.example();
        tried.put(attack.name(), new Tried(before.times() + 1, answers, example));
    }
}
