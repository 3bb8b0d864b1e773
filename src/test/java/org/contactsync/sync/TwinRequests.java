package org.contactsync.sync;

import static org.contactsync.sync.Examples.uid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.contactsync.protocol.request.OnMismatch;

/** Requests at random, mostly for the same few contacts, so that they meet. One thread at a time. */
final class TwinRequests {
    private static final int CONTACTS = 24;
    private static final int MORE_THAN_HALF = 13;

    /** So many of {@link Examples#uid} are asked for, from 0 on. */
    static final int UIDS = CONTACTS + 2;

    private final Random random;

    TwinRequests(Random random) {
        this.random = random;
    }

    /** A put of a card, or a delete; what it expects is the name on a card, or none for a contact that is absent. */
    record Wish(int uid, Optional<String> name, Optional<Optional<String>> expected) {}

    /** @param code how many codes ago the device has synchronised */
    record Request(
            int device, int code, OnMismatch onMismatch, boolean confirmed, List<Wish> wishes, List<Wish> lost) {}

    /** Makes contacts. */
    static Request first() {
        List<Wish> all = IntStream.range(0, CONTACTS)
                .mapToObj(n -> new Wish(n, Optional.of("first"), Optional.empty()))
                .toList();
        return new Request(0, 0, OnMismatch.REFUSE, false, all, List.of());
    }

    Request next() {
        boolean deletesMost = random.nextInt(8) == 0;
        List<Integer> uids = new ArrayList<>(IntStream.range(0, UIDS).boxed().toList());
        Collections.shuffle(uids, random);
        List<Wish> wishes = deletesMost
                ? uids.subList(0, MORE_THAN_HALF).stream()
                        .map(uid -> new Wish(uid, Optional.empty(), Optional.empty()))
                        .toList()
                : uids.subList(0, 1 + random.nextInt(random.nextInt(3) == 0 ? 5 : 1)).stream()
                        // Mostly the same few contacts.
                        .map(uid -> wish(random.nextInt(3) > 0 ? uid % 4 : uid))
                        .collect(
                                () -> new TreeMap<Integer, Wish>(),
                                (map, wish) -> map.put(wish.uid(), wish),
                                TreeMap::putAll)
                        .values()
                        .stream()
                        .toList();
        List<Wish> lost = random.nextInt(5) == 0
                ? List.of(new Wish(random.nextInt(4), Optional.of(name()), Optional.empty()))
                : List.of();
        return new Request(
                random.nextInt(3),
                random.nextInt(4),
                random.nextInt(4) > 0 ? OnMismatch.REBASE : OnMismatch.REFUSE,
                random.nextInt(2) == 0,
                wishes,
                lost);
    }

    private Wish wish(int uid) {
        Optional<Optional<String>> expected = switch (random.nextInt(4)) {
            case 0 -> Optional.of(Optional.of(name()));
            case 1 -> random.nextInt(3) == 0 ? Optional.of(Optional.empty()) : Optional.empty();
            default -> Optional.empty();
        };
        return new Wish(uid, random.nextInt(4) > 0 ? Optional.of(name()) : Optional.empty(), expected);
    }

    /** One of few, so that a card is often as it was before, or as somebody expects. */
    private String name() {
        return "name " + random.nextInt(3);
    }
}
