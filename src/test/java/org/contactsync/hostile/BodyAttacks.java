package org.contactsync.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.contactsync.hostile.Attack.Crowd;
import org.contactsync.hostile.Attack.Site;

/** Attacks by the bodies of requests. */
final class BodyAttacks {
    private static final int MIB = 1024 * 1024;
    private static final int FORM = 132 * MIB;
    private static final int BOMB = 256 * MIB;
    private static final int MEMBERS = 40_000;
    private static final int SLOW = 20;
    private static final String NO_CODE = "ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y";
    private static final String JSON = "Content-Type: application/json\r\nIf-Match: \"" + NO_CODE + "\"\r\n";
    private static final byte[] GZIP_BOMB = bomb();
    private static final byte[] TINY_VALUES =
            gzip(("{\"changes\":[{\"op\":\"put\",\"uid\":\"a\",\"card\":{\"a\":[" + "1,".repeat(2_000_000) + "1]}}]}")
                    .getBytes(StandardCharsets.UTF_8));
    private static final byte[] EMPTY_MEMBERS = members();

    private BodyAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack("a form of 132 MiB to /dev/tokens", BodyAttacks::form),
                new Attack("slow bodies", BodyAttacks::slow),
                new Attack("bodies announced and never sent", BodyAttacks::silent),
                new Attack("gzip bombs", site -> gzip(site, GZIP_BOMB)),
                new Attack("gzip bodies of empty members", site -> gzip(site, EMPTY_MEMBERS)),
                new Attack("chunked bodies without end", BodyAttacks::chunked),
                new Attack("deep and wide JSON", BodyAttacks::json),
                new Attack("cards of tiny values, compressed", BodyAttacks::tinyValues),
                new Attack("Expect: 100-continue without a body", BodyAttacks::expect));
    }

    private static void form(Site site) throws IOException {
        byte[] part = "user=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&"
                .repeat(800)
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 2 && site.goesOn(); i++) {
            try (RawConnection connection = RawConnection.to(site.port())) {
                connection.send(
                        "POST /dev/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded"
                                + "\r\nContent-Length: " + FORM + "\r\n\r\n");
                for (int sent = 0; sent < FORM && site.goesOn(); sent += part.length) {
                    connection.send(part);
                }
                site.count(connection.receive(false));
            } catch (IOException e) {
                site.ended();
            }
            site.pause(500);
        }
    }

    private static void slow(Site site) throws IOException {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < SLOW && site.goesOn(); i++) {
                crowd.add(RawConnection.to(site.port()))
                        .send("PATCH /v1/book/contacts HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + JSON
                                + "Content-Length: 4000000\r\n\r\n{\"changes\":[");
            }
            while (site.goesOn() && !crowd.connections().isEmpty()) {
                site.pause(1_000);
                crowd.sendAll(site, " ".repeat(64).getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static void silent(Site site) throws IOException {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < SLOW && site.goesOn(); i++) {
                crowd.add(RawConnection.to(site.port()))
                        .send("PATCH /v1/book/contacts HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + JSON
                                + "Content-Length: 4194304\r\n\r\n");
            }
            site.pause(Long.MAX_VALUE / 2);
        }
    }

    private static void gzip(Site site, byte[] body) throws IOException {
        while (site.goesOn()) {
            try {
                site.once(
                        "PATCH", "/v1/book/contacts", site.authorization() + JSON + "Content-Encoding: gzip\r\n", body);
            } catch (IOException e) {
                // it may close the connection: counted
            }
            site.pause(250);
        }
    }

    private static void chunked(Site site) throws IOException {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < 10 && site.goesOn(); i++) {
                crowd.add(RawConnection.to(site.port()))
                        .send("PATCH /v1/book/contacts HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + JSON
                                + "Transfer-Encoding: chunked\r\n\r\n");
            }
            byte[] chunk = ("1;" + "x".repeat(200) + "\r\n \r\n").getBytes(StandardCharsets.US_ASCII);
            while (site.goesOn() && !crowd.connections().isEmpty()) {
                site.pause(20);
                crowd.sendAll(site, chunk);
            }
        }
    }

    private static void json(Site site) throws IOException {
        List<String> bodies = List.of(
                "[".repeat(200_000),
                "{\"changes\":".repeat(20_000),
                "{\"changes\":[" + "{},".repeat(200_000) + "{}]}",
                "{\"changes\":[{\"op\":\"put\",\"uid\":\"" + "a".repeat(1_000_000) + "\"}]}",
                "{\"changes\":[],\"n\":" + "9".repeat(500_000) + "}",
                "{" + "\"a\":1,".repeat(100_000) + "\"b\":2}");
        while (site.goesOn()) {
            byte[] body = bodies.get(site.random().nextInt(bodies.size())).getBytes(StandardCharsets.UTF_8);
            try {
                site.once("PATCH", "/v1/book/contacts", site.authorization() + JSON, body);
            } catch (IOException e) {
                // it may close the connection: counted
            }
            site.pause(300);
        }
    }

    /** Each byte of the text is an object of many bytes in memory, unless the reader stops to keep them. */
    static void tinyValues(Site site) throws IOException {
        byte[] request = RawConnection.request(
                "PATCH", "/v1/book/contacts", site.authorization() + JSON + "Content-Encoding: gzip\r\n", TINY_VALUES);
        while (site.goesOn()) {
            try (Crowd crowd = new Crowd()) {
                for (int i = 0; i < 8; i++) {
                    crowd.add(RawConnection.to(site.port())).send(request);
                }
                for (RawConnection connection : crowd.connections()) {
                    site.count(connection.receive(false));
                }
            }
            site.pause(1_500);
        }
    }

    private static void expect(Site site) throws IOException {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < SLOW && site.goesOn(); i++) {
                crowd.add(RawConnection.to(site.port()))
                        .send("PATCH /v1/book/contacts HTTP/1.1\r\nHost: localhost\r\n" + site.authorization() + JSON
                                + "Expect: 100-continue\r\nContent-Length: 4000000\r\n\r\n");
            }
            site.pause(Long.MAX_VALUE / 2);
        }
    }

    private static byte[] bomb() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            byte[] blanks = " ".repeat(MIB).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < BOMB / MIB; i++) {
                out.write(blanks);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] members() {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        try {
            new GZIPOutputStream(one).close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < MEMBERS; i++) {
            all.writeBytes(one.toByteArray());
        }
        return all.toByteArray();
    }
}
