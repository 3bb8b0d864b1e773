package org.contactsync.hostile;

import jakarta.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.contactsync.hostile.Attack.Crowd;
import org.contactsync.hostile.Attack.Site;

/** Attacks by small valid requests that leave much behind: rows, receipts, answers that nobody takes, places that nobody needs. */
final class LeftoverAttacks {
    private static final byte[] NOTHING = new byte[0];
    private static final int CHANGES = 500;
    private static final int DEAF = 30;
    private static final int WAITS = 100;
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String STALE = "ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y";

    private LeftoverAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack("contacts put and deleted under ever new uids", LeftoverAttacks::tombstones),
                new Attack("rebased changes whose answers are large", LeftoverAttacks::rebased),
                new Attack("conflicts of many contacts", LeftoverAttacks::conflicts),
                new Attack("long lists of flaws that are not read", LeftoverAttacks::flaws),
                new Attack("waits begun and abandoned", LeftoverAttacks::abandonedWaits),
                new Attack("headers that take long to read", LeftoverAttacks::headers),
                new Attack("one device after the other", LeftoverAttacks::devices));
    }

    private static void tombstones(Site site) throws IOException {
        while (site.goesOn()) {
            String prefix = Long.toString(site.random().nextLong(Long.MAX_VALUE), 36);
            StringBuilder puts = new StringBuilder();
            StringBuilder deletes = new StringBuilder();
            for (int i = 0; i < CHANGES; i++) {
                String uid = prefix + i;
                puts.append(i == 0 ? "" : ",")
                        .append("{\"op\":\"put\",\"uid\":\"" + uid + "\",\"card\":{\"@type\":\"Card\"}}");
                deletes.append(i == 0 ? "" : ",").append("{\"op\":\"delete\",\"uid\":\"" + uid + "\"}");
            }
            patch(site, site.authorization(), code(site, site.authorization()), "{\"changes\":[" + puts + "]}");
            patch(
                    site,
                    site.authorization(),
                    code(site, site.authorization()),
                    "{\"confirmDeletes\":true,\"changes\":[" + deletes + "]}");
            site.pause(300);
        }
    }

    /** Each answer has what the device is said to have missed, and is kept for its key. */
    private static void rebased(Site site) throws IOException {
        while (site.goesOn()) {
            patch(
                    site,
                    site.largeBookAuthorization(),
                    STALE,
                    "{\"onMismatch\":\"rebase\",\"changes\":[{\"op\":\"put\",\"uid\":\"" + UUID.randomUUID()
                            + "\",\"card\":{\"@type\":\"Card\"},\"ifContentHash\":null}]}");
            site.pause(100);
        }
    }

    private static void conflicts(Site site) throws IOException {
        StringBuilder changes = new StringBuilder();
        for (int i = 0; i < CHANGES; i++) {
            changes.append(i == 0 ? "" : ",")
                    .append("{\"op\":\"delete\",\"uid\":\"" + HonestBook.uid(i) + "\",\"ifContentHash\":\"")
                    .append("0".repeat(64))
                    .append("\"}");
        }
        String body = "{\"onMismatch\":\"rebase\",\"changes\":[" + changes + "]}";
        while (site.goesOn()) {
            patch(site, site.largeBookAuthorization(), STALE, body);
            site.pause(100);
        }
    }

    private static void flaws(Site site) throws IOException {
        String key = "k".repeat(900);
        StringBuilder changes = new StringBuilder();
        for (int i = 0; i < CHANGES; i++) {
            changes.append(i == 0 ? "" : ",")
                    .append("{\"op\":\"put\",\"uid\":\"u" + i + "\",\"card\":{\"" + key + "\":[null,null]}}");
        }
        byte[] request = RawConnection.request(
                "PATCH",
                "/v1/book/contacts",
                site.authorization() + JSON + "If-Match: \"" + STALE + "\"\r\n",
                ("{\"changes\":[" + changes + "]}").getBytes(StandardCharsets.UTF_8));
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < DEAF && site.goesOn(); i++) {
                crowd.add(RawConnection.deafTo(site.port())).send(request);
                site.pause(80);
            }
            site.pause(Long.MAX_VALUE / 2);
        }
    }

    private static void abandonedWaits(Site site) throws IOException {
        byte[] plan = ("{\"kind\":\"replace\",\"checkBefore\":\"" + code(site, site.authorization())
                        + "\",\"chunks\":1,\"contacts\":1}")
                .getBytes(StandardCharsets.UTF_8);
        String task = member(site.once("POST", "/v1/sync-tasks", site.authorization() + JSON, plan), "id");
        byte[] request = RawConnection.request(
                "GET", "/v1/sync-tasks/" + task, site.authorization() + "Prefer: wait=55\r\n", NOTHING);
        for (int i = 0; i < WAITS && site.goesOn(); i++) {
            RawConnection connection = RawConnection.to(site.port());
            connection.send(request);
            site.pause(20);
            connection.reset();
        }
        site.once("DELETE", "/v1/sync-tasks/" + task, site.authorization(), NOTHING);
    }

    private static void headers(Site site) throws IOException {
        List<String> headers = List.of(
                "Accept: " + "a/b;q=0.1,".repeat(1_400) + "*/*\r\n",
                "Accept-Language: " + "en;q=0.1,".repeat(1_600) + "de\r\n",
                "Prefer: " + "wait=1,".repeat(2_000) + "wait=2\r\n",
                "Prefer: wait=" + "9".repeat(12_000) + "\r\n",
                "Priority: " + "a=(1 2 3);x,".repeat(1_200) + "u=1\r\n",
                "If-None-Match: " + "\"a\",".repeat(3_500) + "\"b\"\r\n",
                "Cookie: " + "a=b; ".repeat(3_000) + "\r\n",
                "traceparent: " + "0".repeat(15_000) + "\r\n",
                "X-Forwarded-For: " + "1.1.1.1, ".repeat(1_500) + "\r\n",
                "Device-Id: " + "d".repeat(15_000) + "\r\n",
                "Range: bytes=" + "0-1,".repeat(3_500) + "0-1\r\n");
        while (site.goesOn()) {
            try {
                site.once(
                        "GET",
                        "/v1/book",
                        site.authorization() + headers.get(site.random().nextInt(headers.size())),
                        NOTHING);
            } catch (IOException e) {
                site.pause(50); // it may close the connection: counted
            }
            site.pause(40);
        }
    }

    private static void devices(Site site) throws IOException {
        while (site.goesOn()) {
            site.once("GET", "/v1/book", site.authorization() + "Device-Id: " + UUID.randomUUID() + "\r\n", NOTHING);
            site.pause(20);
        }
    }

    private static void patch(Site site, String authorization, String code, String body) throws IOException {
        site.once(
                "PATCH",
                "/v1/book/contacts",
                authorization + JSON + "If-Match: \"" + code + "\"\r\nIdempotency-Key: \"" + UUID.randomUUID()
                        + "\"\r\n",
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static String code(Site site, String authorization) throws IOException {
        return member(site.once("GET", "/v1/book", authorization, NOTHING), "checkCode");
    }

    /** A member of an answer; an {@link IOException} when the server refused, which it may. */
    static String member(RawConnection.Reply reply, String name) throws IOException {
        if (reply.status() >= 300) {
            throw new IOException("refused: " + reply.status());
        }
        return Json.createReader(new ByteArrayInputStream(reply.body()))
                .readObject()
                .getString(name);
    }
}
