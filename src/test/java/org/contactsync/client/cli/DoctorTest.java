package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.HostileServer;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.Test;

/** Finds what is wrong, says what to do, and tells nobody of contacts. */
class DoctorTest extends CommandTest {
    /** In names, UIDs, numbers and the token: none of it may be in a report. */
    private static final String CANARY = "canary";

    @Test
    void findsEverythingInOrder() throws IOException {
        cli.run("push", file("a").toString());

        assertThat(cli.run("doctor")).as(cli.out()).isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .contains("ok      configuration server " + server.account().server())
                .contains("ok      connection    answered in ")
                .contains("ok      clock         the same as the server's")
                .contains("ok      book          1 contact, seq 1, check code " + server.checkCode())
                .contains("ok      local state   1 contact, seq 1")
                .contains("ok      digest tree   the server's tree has the server's check code")
                .contains("ok      comparison    the server's book is what it was")
                .endsWith("\nEverything that was looked at is in order.\n");
    }

    @Test
    void seesThatOthersHaveChangedTheBook() throws IOException {
        cli.run("push", file("a").toString());
        server.put(new Uid("b"), card("B"));

        assertThat(cli.run("doctor")).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).contains("other devices have changed the book", " in 1 of 256 parts");
    }

    @Test
    void saysWhatToDoWithADamagedState() throws IOException {
        cli.run("push", file("a").toString());
        Path state = state();
        String whole = Files.readString(state);

        Files.writeString(state, whole.replaceFirst("\"a\"", "\"b\""));
        assertThat(cli.run("doctor")).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.out())
                .contains("bad     local state   its check code is not that of its contacts")
                .contains("What to do next:\n  Delete the state in ");

        Files.writeString(state, "{");
        assertThat(cli.run("doctor")).isEqualTo(ExitCode.FAILED);
        assertThat(cli.out()).contains("bad     local state   it cannot be read");
    }

    @Test
    void tellsATokenThatIsMissingExpiredOrRefusedApart() {
        cli.environment().put("CONTACT_SYNC_TOKEN", token(Instant.now().minusSeconds(60)));
        assertThat(cli.run("doctor")).isEqualTo(ExitCode.UNAUTHORIZED);
        assertThat(cli.out()).contains("bad     token         it expired at 20", "contact-sync login");

        cli.environment().put("CONTACT_SYNC_TOKEN", token(Instant.now().plusSeconds(600)));
        server.answerWith(401, "unauthorized", request -> request.endsWith("/v1/book"));
        assertThat(cli.run("doctor")).isEqualTo(ExitCode.UNAUTHORIZED);
        assertThat(cli.out())
                .contains("warning token         it expires at 20")
                .contains("bad     book          the server refused: unauthorized, status 401");

        cli.environment().remove("CONTACT_SYNC_TOKEN");
        assertThat(cli.run("doctor")).isEqualTo(ExitCode.UNAUTHORIZED);
        assertThat(cli.out()).contains("bad     token         No token.", "-       book          not looked at");
    }

    @Test
    void tellsAServerThatIsAwayFromAnotherServer() throws Exception {
        try (HostileServer other = new HostileServer(exchange -> HostileServer.answer(exchange, 200, "<html>"))) {
            assertThat(cli.run("doctor", "--server", other.uri().toString())).isEqualTo(ExitCode.REFUSED);
            assertThat(cli.out()).contains("with status 200, is no contact-sync server");
        }
        server.close();
        assertThat(cli.run("doctor", "--json")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(cli.json().getJsonArray("findings").getJsonObject(1).getString("subject"))
                .isEqualTo("connection");
        assertThat(cli.json().getJsonArray("findings").getJsonObject(1).getString("level"))
                .isEqualTo("bad");
    }

    @Test
    void seesThatAClockIsWrong() throws Exception {
        try (ServerSocket late = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerLate(late));
            server.setDaemon(true);
            server.start();

            cli.run("doctor", "--server", "http://127.0.0.1:" + late.getLocalPort());

            assertThat(cli.out())
                    .containsPattern("warning clock +this machine's clock is 3[56][0-9]{2} s ahead of the server's");
        }
    }

    /** Java's own small server would set the time itself. */
    private static void answerLate(ServerSocket late) {
        String body =
                "{\"maxChunkContacts\":1,\"maxChunkBytes\":1,\"oneShotContacts\":1,\"oneShotBytes\":1,\"maxChunks\":1,"
                        + "\"waitSecondsMax\":1}";
        while (!late.isClosed()) {
            try (Socket connection = late.accept()) {
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    // the head of a request without a body
                }
                String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().minusSeconds(3_600).atOffset(ZoneOffset.UTC));
                connection
                        .getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nConnection: close\r\nDate: " + date + "\r\nContent-Length: "
                                        + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // the next one, or the end
            }
        }
    }

    /** Contacts, UIDs, the token and the user's name stay here, whatever is wrong. */
    @Test
    void writesAReportWithoutContactData() throws IOException {
        cli.environment().put("CONTACT_SYNC_TOKEN", token(Instant.now().plusSeconds(6_000)));
        cli.run("push", file(CANARY + "-uid").toString());
        server.put(new Uid(CANARY + "-other"), card(CANARY));
        Path report = directory.resolve("report.txt");

        for (int run = 0; run < 3; run++) {
            cli.run("doctor", "--report", report.toString());

            assertThat(cli.err()).contains("The report is in " + report);
            assertThat(Files.readString(report))
                    .contains("java.version", "local state")
                    .doesNotContainIgnoringCase(CANARY)
                    .doesNotContain(cli.environment().get("CONTACT_SYNC_TOKEN"));
            assertThat(cli.out()).doesNotContainIgnoringCase(CANARY);
            if (run == 0) {
                server.answerWith(422, "book-full", request -> request.contains("digests"));
            } else {
                Files.writeString(state(), "{\"" + CANARY + "\":1}");
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(report)))
                .isEqualTo("rw-------");
    }

    private static String token(Instant end) {
        String claims = "{\"iss\":\"i\",\"sub\":\"" + CANARY + "\",\"exp\":" + end.getEpochSecond() + "}";
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".x";
    }

    private Path state() throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("state/contact-sync"))) {
            return all.filter(file -> file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path file(String uid) throws IOException {
        return Files.writeString(
                directory.resolve("book.json"), "[{\"uid\":\"" + uid + "\",\"card\":" + text(CANARY) + "}]");
    }

    private static CanonicalCard card(String name) {
        return CanonicalCard.ofTrusted(text(name).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String name) {
        return "{\"@type\":\"Card\",\"name\":{\"full\":\"" + name + "\"},\"version\":\"1.0\"}";
    }
}
