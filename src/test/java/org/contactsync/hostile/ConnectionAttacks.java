package org.contactsync.hostile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.contactsync.hostile.Attack.Crowd;
import org.contactsync.hostile.Attack.Site;

/** Attacks that need no token: connections, heads of requests, methods, tokens of nobody. */
final class ConnectionAttacks {
    private static final byte[] NOTHING = new byte[0];
    private static final int DEAF = 40;
    private static final int SLOW = 60;
    private static final int PIPELINED = 200;
    private static final int LONG_HEADER = 5_000;

    private ConnectionAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack("connections that do not read /metrics", site -> deaf(site, "/metrics")),
                new Attack("connections that do not read /openapi", site -> deaf(site, "/openapi")),
                new Attack("pipelined requests, nothing read", ConnectionAttacks::pipelined),
                new Attack("slow heads", ConnectionAttacks::slowHeads),
                new Attack("slow heads that never end a line", ConnectionAttacks::slowLine),
                new Attack("idle connections", ConnectionAttacks::idle),
                new Attack("connections reset after the request", ConnectionAttacks::resets),
                new Attack("invented methods", ConnectionAttacks::methods),
                new Attack("HTTP/2 in clear text", ConnectionAttacks::http2),
                new Attack("upgrades to HTTP/2", ConnectionAttacks::upgrade),
                new Attack("made-up tokens with random key ids", ConnectionAttacks::tokens),
                new Attack("long malformed headers", ConnectionAttacks::logFlood),
                new Attack("odd heads", ConnectionAttacks::oddHeads),
                new Attack("invented paths", ConnectionAttacks::paths));
    }

    private static void deaf(Site site, String path) throws IOException {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < DEAF && site.goesOn(); i++) {
                crowd.add(RawConnection.deafTo(site.port())).send(RawConnection.request("GET", path, "", NOTHING));
                site.pause(20);
            }
            site.pause(Long.MAX_VALUE / 2);
        }
    }

    private static void pipelined(Site site) throws IOException {
        byte[] one = RawConnection.request("GET", "/metrics", "", NOTHING);
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < 4 && site.goesOn(); i++) {
                RawConnection connection = crowd.add(RawConnection.deafTo(site.port()));
                for (int n = 0; n < PIPELINED && site.goesOn(); n++) {
                    connection.send(one);
                    site.pause(2);
                }
            }
            site.pause(Long.MAX_VALUE / 2);
        }
    }

    private static void slowHeads(Site site) throws IOException {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < SLOW && site.goesOn(); i++) {
                crowd.add(RawConnection.to(site.port())).send("GET /v1/book HTTP/1.1\r\nHost: localhost\r\n");
            }
            for (int n = 0; site.goesOn() && !crowd.connections().isEmpty(); n++) {
                site.pause(1_000);
                crowd.sendAll(site, ("X-" + n + ": 1\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static void slowLine(Site site) throws IOException {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < SLOW && site.goesOn(); i++) {
                crowd.add(RawConnection.to(site.port())).send("GET /");
            }
            while (site.goesOn() && !crowd.connections().isEmpty()) {
                site.pause(1_000);
                crowd.sendAll(site, new byte[] {'a'});
            }
        }
    }

    private static void idle(Site site) throws IOException {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < 200 && site.goesOn(); i++) {
                crowd.add(RawConnection.to(site.port()));
            }
            site.pause(Long.MAX_VALUE / 2);
        }
    }

    private static void resets(Site site) throws IOException {
        while (site.goesOn()) {
            RawConnection connection = RawConnection.to(site.port());
            connection.send(RawConnection.request("GET", "/metrics", "", NOTHING));
            connection.reset();
            site.pause(40);
        }
    }

    private static void methods(Site site) throws IOException {
        while (site.goesOn()) {
            String method = "X"
                    + Long.toString(site.random().nextLong(Long.MAX_VALUE), 36).toUpperCase(java.util.Locale.ROOT);
            site.once(method, site.random().nextBoolean() ? "/v1/book" : "/health/live", "", NOTHING);
            site.pause(20);
        }
    }

    private static void http2(Site site) throws IOException {
        byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < 10 && site.goesOn(); i++) {
                crowd.add(RawConnection.deafTo(site.port()))
                        .send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                        .send(settings);
                site.pause(50);
            }
            site.pause(3_000);
        }
    }

    private static void upgrade(Site site) throws IOException {
        String headers = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
        while (site.goesOn()) {
            site.once("GET", "/health/live", headers, NOTHING);
            site.pause(100);
        }
    }

    private static void tokens(Site site) throws IOException {
        while (site.goesOn()) {
            String head =
                    encoded("{\"alg\":\"RS256\",\"kid\":\"" + site.random().nextLong() + "\"}");
            String body = encoded("{\"iss\":\"x\",\"sub\":\"y\",\"exp\":4102444800}");
            site.once(
                    "GET",
                    "/v1/book",
                    "Authorization: Bearer " + head + "." + body + "." + "A".repeat(342) + "\r\n",
                    NOTHING);
            site.pause(15);
        }
    }

    private static String encoded(String text) {
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void logFlood(Site site) throws IOException {
        String junk = "\u0001%n\u001b[31m".repeat(LONG_HEADER / 8);
        List<String> headers = List.of(
                "Authorization: Bearer " + "a.".repeat(LONG_HEADER / 2) + "\r\n",
                site.authorization() + "If-None-Match: " + junk + "\r\n",
                site.authorization() + "Accept: " + junk + "\r\n",
                site.authorization() + "Priority: " + junk + "\r\n",
                site.authorization() + "Prefer: wait=" + junk + "\r\n");
        while (site.goesOn()) {
            try {
                site.once("GET", "/v1/book", headers.get(site.random().nextInt(headers.size())), NOTHING);
            } catch (IOException e) {
                site.ended(); // it may close the connection
            }
            site.pause(15);
        }
    }

    private static void oddHeads(Site site) throws IOException {
        List<String> heads = List.of(
                "GET /v1/book HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + "Accept: */*;q=x\r\n\r\n",
                "GET /v1/book HTTP/1.1\r\nHost: [::\r\n" + site.authorization() + "\r\n",
                "GET /v1/book HTTP/1.1\r\nHost: a b\r\n" + site.authorization() + "\r\n",
                "GET /v1/book HTTP/1.1\r\n" + site.authorization() + "\r\n",
                "GET /v1/book\\..\\x HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + "\r\n",
                "GET /v1/book/contacts/%00 HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + "\r\n",
                "GET /v1/book?phone=1 HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + "\r\n",
                "GET /v1/book/contacts?limit=1&limit=2 HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + "\r\n",
                "GET /v1/book/contacts?limit=%zz HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + "\r\n",
                "GET http://example.com/v1/book HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + "\r\n",
                "GET /v1/book HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n" + site.authorization() + "\r\n",
                "GET /v1/book HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n",
                "GET /v1/book HTTP/9.9\r\nHost: localhost\r\n" + site.authorization() + "\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "TRACE /v1/book HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\r\n\r\n\r\n\u0000\u0000\r\n\r\n");
        while (site.goesOn()) {
            try (RawConnection connection = RawConnection.to(site.port())) {
                connection.send(heads.get(site.random().nextInt(heads.size())));
                connection.endSending();
                site.count(connection.receive(false));
            } catch (IOException e) {
                site.ended();
            }
            site.pause(30);
        }
    }

    private static void paths(Site site) throws IOException {
        List<String> roots =
                List.of("/v1/", "/v1/book/contacts/", "/v1/sync-tasks/", "/dev/", "/", "/admin/v1/", "/health/");
        while (site.goesOn()) {
            String path = roots.get(site.random().nextInt(roots.size()))
                    + site.random().nextLong(Long.MAX_VALUE);
            site.once("GET", path, site.authorization(), NOTHING);
            site.pause(15);
        }
    }
}
