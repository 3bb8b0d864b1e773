package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.FakeServer;
import org.contactsync.client.HostileServer;
import org.contactsync.client.cli.ProgramProcess.Ended;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program at a terminal, a real one as far as it can tell: {@code script} of util-linux makes a pseudo-terminal. */
class TerminalTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    /** What would rename the window, recolour, clear, answer as if typed, and turn the text around. */
    private static final String EVIL = "\u009b31m\u009d0;owned\u009c\u007f\u202eevil\u2066";

    /** What this program itself writes: back to the line's start, and clear the rest of it. */
    private static final String OWN = "\r\u001b[K";

    @TempDir
    private Path directory;

    @BeforeEach
    void needsATerminal() {
        assumeTrue(Files.isExecutable(SCRIPT), "no script(1) here, so no pseudo-terminal");
    }

    /** Protocol 12.8. */
    @Test
    void noControlCharacterOfACardReachesIt() throws Exception {
        try (FakeServer server = new FakeServer()) {
            String card = "{\"@type\":\"Card\",\"name\":{\"full\":\"" + EVIL + "\"},\"version\":\"1.0\"}";
            server.put(new Uid("a" + EVIL), CanonicalCard.ofTrusted(card.getBytes(StandardCharsets.UTF_8)));

            for (String format : List.of("json", "vcard")) {
                Ended pulled = atTerminal(server.account().server().toString(), "pull", "--format", format);
                assertThat(pulled.exitCode()).as("%s", pulled).isZero();
                assertThat(pulled.out()).contains("\\u202eevil");
                assertHarmless(pulled.out());
            }
        }
    }

    @Test
    void noControlCharacterOfAServerOrAFileReachesIt() throws Exception {
        String escape = "\\u001b[31m\\u001b]0;owned\\u0007\\r\\n" + EVIL;
        String problem =
                "{\"type\":\"urn:contact-sync:problem:" + escape + "\",\"title\":\"t\",\"status\":422,\"detail\":\""
                        + escape + "\",\"next\":\"" + escape + "\",\"items\":[{\"uid\":\"a\",\"pointer\":\"" + escape
                        + "\",\"detail\":\"" + escape + "\"}]}";
        try (HostileServer server = new HostileServer(exchange -> refuse(exchange, problem))) {
            Ended refused = atTerminal(server.uri().toString(), "status");
            assertThat(refused.out()).contains("\\u001b[31m", "\\u000d\\u000a").doesNotContain("\nowned");
            assertHarmless(refused.out());
        }
        Path file = Files.writeString(
                directory.resolve("a\u001b]0;x\u0007.json"),
                "[{\"uid\":\"\\u001b[2J" + EVIL + "\",\"card\":{\"x\":null}}]");
        Ended unreadable = atTerminal("http://127.0.0.1:1", "push", file.toString());
        assertThat(unreadable.out()).contains("\\u001b]0;x\\u0007.json");
        assertHarmless(unreadable.out());
    }

    /** While the server is away, a line tells how long it is waited, and counts down. */
    @Test
    void aLineMovesWhileTheServerDoesNotAnswer() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (HostileServer server = new HostileServer(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "2");
            HostileServer.answer(exchange, asked.incrementAndGet() <= 2 ? 503 : 418, "{}");
        })) {
            Ended ended = atTerminal(server.uri().toString(), "status");
            assertThat(ended.out())
                    .contains("waiting for the server, retry 1 in 2 s", "status 503", "retry 2 in ")
                    .contains("| waiting", "/ waiting");
            assertHarmless(ended.out());
            String[] drawn = ended.out().split("\r");
            assertThat(drawn[drawn.length - 2] + drawn[drawn.length - 1]).contains("http-418");
        }
    }

    /** A person at the terminal is asked before the whole book changes; no means no. */
    @Test
    void aPersonIsAskedBeforeTheBookIsRestored() throws Exception {
        try (FakeServer server = new FakeServer()) {
            String card = "{\"@type\":\"Card\",\"name\":{\"full\":\"Ada\"},\"version\":\"1.0\"}";
            server.put(new Uid("ada"), CanonicalCard.ofTrusted(card.getBytes(StandardCharsets.UTF_8)));
            String address = server.account().server().toString();

            Ended no = answering("n\n", address, "restore", "--seq", "0");
            assertThat(no.exitCode()).as("%s", no).isEqualTo(1);
            assertThat(no.out())
                    .contains("0 contacts added or changed, 1 deleted, 0 afterwards. Restore it? [y/N]")
                    .contains("Nothing was changed.");
            assertThat(server.book()).hasSize(1);

            Ended yes = answering("y\n", address, "restore", "--seq", "0");
            assertThat(yes.exitCode()).as("%s", yes).isZero();
            assertThat(server.book()).isEmpty();
        }
    }

    /** See no-color.org. */
    @Test
    void coloursAreThereOnATerminalUnlessNobodyWantsThem() throws Exception {
        try (FakeServer server = new FakeServer()) {
            String address = server.account().server().toString();
            Map<String, String> colours = Map.of("TERM", "xterm");

            assertThat(atTerminal(colours, address, "history").out()).contains("\u001b[1mseq  time", "\u001b[0m");
            assertThat(atTerminal(Map.of("TERM", "xterm", "NO_COLOR", "1"), address, "history")
                            .out())
                    .contains("seq  time")
                    .doesNotContain("\u001b[1m");
            assertThat(atTerminal(Map.of("TERM", "dumb"), address, "history").out())
                    .doesNotContain("\u001b[1m");
        }
    }

    private static void refuse(HttpExchange exchange, String problem) throws IOException {
        HostileServer.answer(exchange, 422, problem);
    }

    private static void assertHarmless(String shown) {
        String others = shown.replace(OWN, "").replace("\r\n", "\n");
        assertThat(others.codePoints()
                        .filter(c -> c < ' ' && c != '\n' && c != '\t'
                                || c >= 0x7f && c <= 0x9f
                                || c >= 0x202a && c <= 0x202e
                                || c >= 0x2066 && c <= 0x2069)
                        .boxed()
                        .toList())
                .as(SafeText.lines(shown))
                .isEmpty();
    }

    private Ended atTerminal(String server, String... arguments) throws Exception {
        return atTerminal(Map.of(), server, arguments);
    }

    private Ended atTerminal(Map<String, String> more, String server, String... arguments) throws Exception {
        return process(more, server).run(script(arguments));
    }

    private Ended answering(String typed, String server, String... arguments) throws Exception {
        Path input = Files.writeString(directory.resolve("typed"), typed);
        return process(Map.of(), server).run(script(arguments), input.toFile());
    }

    private static List<String> script(String... arguments) {
        String command = ProgramProcess.words(List.of("-Xshare:auto"), arguments).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        return List.of(SCRIPT.toString(), "-qec", command, "/dev/null");
    }

    private ProgramProcess process(Map<String, String> more, String server) {
        Map<String, String> environment =
                new TreeMap<>(Map.of("CONTACT_SYNC_TOKEN", "token", "CONTACT_SYNC_SERVER", server, "SHELL", "/bin/sh"));
        environment.putAll(more);
        return new ProgramProcess(directory, environment);
    }
}
