package org.contactsync.hostile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.contactsync.hostile.Attack.Crowd;
import org.contactsync.hostile.Attack.Site;
import org.contactsync.hostile.RawConnection.Reply;

/** Attacks by users with valid tokens, upon what all users share. */
final class BookAttacks {
    private static final byte[] NOTHING = new byte[0];
    private static final int DEAF = 40;
    private static final int READERS = 24;
    private static final int WAITS = 300;
    private static final int PARKED = 12;
    private static final int LARGE_CARD = 250_000;
    private static final int LARGE_CARDS = 15;
    private static final String JSON = "Content-Type: application/json\r\n";

    private BookAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack("connections that do not read pages", site -> deaf(site, "/v1/book/contacts?limit=1000")),
                new Attack(
                        "connections that do not read the feed",
                        site -> deaf(site, "/v1/book/changes?since=0&limit=1000")),
                new Attack(
                        "connections that do not read entries", site -> deaf(site, "/v1/book/digests/entries?prefix=")),
                new Attack(
                        "readers of all entries of a large book",
                        site -> readers(site, "/v1/book/digests/entries?prefix=")),
                new Attack(
                        "readers of distant entries", site -> readers(site, "/v1/book/digests/entries?prefix=00,ff")),
                new Attack("readers of the root of a large book", site -> readers(site, "/v1/book/digests?depth=0")),
                new Attack(
                        "readers of the first page of a large feed", site -> readers(site, "/v1/book/changes?since=1")),
                new Attack("readings begun and abandoned", BookAttacks::abandoned),
                new Attack("waits for a task", BookAttacks::waits),
                new Attack("tasks of 4 MB parked behind an own upload", BookAttacks::parked),
                new Attack("a flood of changes of one user", BookAttacks::flood),
                new Attack("refused changes whose answers are large", BookAttacks::refusals),
                new Attack("uploads opened and cancelled", BookAttacks::uploads),
                new Attack("changes that nobody waits for", BookAttacks::asynchronous));
    }

    private static void deaf(Site site, String path) throws IOException {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < DEAF && site.goesOn(); i++) {
                crowd.add(RawConnection.deafTo(site.port()))
                        .send(RawConnection.request("GET", path, site.largeBookAuthorization(), NOTHING));
                site.pause(50);
            }
            site.pause(Long.MAX_VALUE / 2);
        }
    }

    /** Several at a time, each answer read to its end. */
    private static void readers(Site site, String path) throws IOException {
        while (site.goesOn()) {
            try (Crowd crowd = new Crowd()) {
                for (int i = 0; i < READERS; i++) {
                    crowd.add(RawConnection.to(site.port()))
                            .send(RawConnection.request("GET", path, site.largeBookAuthorization(), NOTHING));
                }
                for (RawConnection connection : crowd.connections()) {
                    site.count(connection.receive(false));
                }
            }
            site.pause(1_000);
        }
    }

    private static void abandoned(Site site) throws IOException {
        while (site.goesOn()) {
            RawConnection connection = RawConnection.to(site.port());
            String path = site.random().nextBoolean()
                    ? "/v1/book/digests/entries?prefix="
                    : "/v1/book/contacts?limit=1000&after=contact-000100";
            connection.send(RawConnection.request("GET", path, site.largeBookAuthorization(), NOTHING));
            site.pause(20);
            connection.reset();
            site.pause(80);
        }
    }

    private static void waits(Site site) throws IOException {
        String task = LeftoverAttacks.member(open(site, 1), "id");
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < WAITS && site.goesOn(); i++) {
                crowd.add(RawConnection.to(site.port()))
                        .send(RawConnection.request(
                                "GET",
                                "/v1/sync-tasks/" + task,
                                site.authorization() + "Prefer: wait=55\r\n",
                                NOTHING));
                site.pause(5);
            }
            site.pause(Long.MAX_VALUE / 2);
        } finally {
            cancel(site, task);
        }
    }

    /** The first chunk of an own upload holds the queue; what comes then is stored until it ends. */
    private static void parked(Site site) throws IOException {
        Reply opened = open(site, 2);
        String task = LeftoverAttacks.member(opened, "id");
        try {
            byte[] chunk =
                    "{\"contacts\":[{\"uid\":\"a\",\"card\":{\"@type\":\"Card\"}}]}".getBytes(StandardCharsets.UTF_8);
            site.once(
                    "PUT",
                    "/v1/sync-tasks/" + task + "/chunks/1",
                    site.authorization() + JSON + "Content-Digest: sha-256=:" + HonestUser.sha256(chunk) + ":\r\n",
                    chunk);
            byte[] large = large(site.random().nextInt(1_000_000));
            for (int i = 0; i < PARKED && site.goesOn(); i++) {
                site.once(
                        "PATCH",
                        "/v1/book/contacts",
                        site.authorization() + JSON + "Prefer: respond-async\r\nIf-Match: \"" + code(site) + "\"\r\n",
                        large);
                site.pause(200);
            }
            site.pause(2_000);
        } finally {
            cancel(site, task);
        }
    }

    private static void flood(Site site) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < 16; i++) {
                connections.add(crowd.add(RawConnection.to(site.port())));
            }
            String code = code(site);
            while (site.goesOn()) {
                for (RawConnection connection : connections) {
                    byte[] body =
                            ("{\"changes\":[{\"op\":\"put\",\"uid\":\"x\",\"card\":{\"@type\":\"Card\",\"version\":\""
                                            + site.random().nextInt() + "\"}}]}")
                                    .getBytes(StandardCharsets.UTF_8);
                    connection.send(RawConnection.request(
                            "PATCH",
                            "/v1/book/contacts",
                            site.authorization() + JSON + "If-Match: \"" + code + "\"\r\n",
                            body));
                }
                for (RawConnection connection : connections) {
                    site.count(connection.receive(false));
                }
                site.pause(150);
            }
        }
    }

    private static void refusals(Site site) throws IOException {
        String stale = "ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y";
        byte[] body = "{\"changes\":[{\"op\":\"delete\",\"uid\":\"x\"}]}".getBytes(StandardCharsets.UTF_8);
        while (site.goesOn()) {
            site.once(
                    "PATCH",
                    "/v1/book/contacts",
                    site.largeBookAuthorization() + JSON + "If-Match: \"" + stale + "\"\r\nIdempotency-Key: \""
                            + UUID.randomUUID() + "\"\r\n",
                    body);
            site.pause(50);
        }
    }

    private static void uploads(Site site) throws IOException {
        while (site.goesOn()) {
            Reply opened = open(site, 1);
            if (opened.status() == 201) {
                cancel(site, LeftoverAttacks.member(opened, "id"));
            }
            site.pause(30);
        }
    }

    private static void asynchronous(Site site) throws IOException {
        String code = code(site);
        while (site.goesOn()) {
            byte[] body = ("{\"changes\":[{\"op\":\"put\",\"uid\":\"y\",\"card\":{\"@type\":\"Card\",\"version\":\""
                            + site.random().nextInt() + "\"}}]}")
                    .getBytes(StandardCharsets.UTF_8);
            site.once(
                    "PATCH",
                    "/v1/book/contacts",
                    site.authorization() + JSON + "Prefer: respond-async\r\nIf-Match: \"" + code + "\"\r\n",
                    body);
            site.pause(15);
        }
    }

    private static Reply open(Site site, int chunks) throws IOException {
        byte[] body = ("{\"kind\":\"replace\",\"checkBefore\":\"" + code(site) + "\",\"chunks\":" + chunks
                        + ",\"contacts\":" + chunks + "}")
                .getBytes(StandardCharsets.UTF_8);
        return site.once("POST", "/v1/sync-tasks", site.authorization() + JSON, body);
    }

    private static void cancel(Site site, String task) throws IOException {
        site.once("DELETE", "/v1/sync-tasks/" + task, site.authorization(), NOTHING);
    }

    private static String code(Site site) throws IOException {
        return LeftoverAttacks.member(site.once("GET", "/v1/book", site.authorization(), NOTHING), "checkCode");
    }

    /** A change of about 3.8 MB. */
    private static byte[] large(int number) {
        String note = "x".repeat(LARGE_CARD);
        StringBuilder body = new StringBuilder(LARGE_CARDS * (LARGE_CARD + 200)).append("{\"changes\":[");
        for (int i = 0; i < LARGE_CARDS; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"op\":\"put\",\"uid\":\"large-")
                    .append(number)
                    .append('-')
                    .append(i)
                    .append("\",\"card\":{\"@type\":\"Card\",\"notes\":{\"k1\":{\"note\":\"")
                    .append(note)
                    .append("\"}}}}");
        }
        return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
