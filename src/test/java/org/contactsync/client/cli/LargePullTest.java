package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.client.HostileServer;
import org.contactsync.client.cli.ProgramProcess.Ended;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A book of a hundred thousand contacts is pulled page by page: 64 MiB of heap are enough for it. */
class LargePullTest {
    private static final int CONTACTS = 100_000;
    private static final int PAGE = 1_000;
    private static final CheckCodes CODES = new CheckCodes(CheckKey.of(new byte[32]));
    private static final String FILLING = "x".repeat(600);

    private HostileServer server;
    private CheckCode code;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws IOException {
        BookDigest digest = BookDigest.EMPTY;
        for (int i = 0; i < CONTACTS; i++) {
            CanonicalCard card = CanonicalCard.ofTrusted(card(i).getBytes(StandardCharsets.UTF_8));
            digest = digest.plus(CODES.entry(new Uid(uid(i)), CODES.contentHash(card)));
        }
        code = CODES.checkCode(digest);
        server = new HostileServer(this::answer);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void needsLittleMemoryAsJsonAndAsVcard() throws Exception {
        Path json = directory.resolve("book.json");
        Ended asJson = pull("-o", json.toString());
        assertThat(asJson.exitCode()).as("%s", asJson).isZero();
        assertThat(asJson.err()).contains("50000 of 100000 contacts read.", CONTACTS + " contacts, check code " + code);
        assertThat(Files.size(json)).isGreaterThan(64L << 20);

        Ended asVcard = pull("--format", "vcard", "--output", "-");
        assertThat(asVcard.exitCode()).as("%s", asVcard.err()).isZero();
        assertThat(asVcard.out().split("END:VCARD", -1)).hasSize(CONTACTS + 1);
    }

    private Ended pull(String... options) throws Exception {
        Map<String, String> environment = Map.of(
                "CONTACT_SYNC_TOKEN",
                "token",
                "CONTACT_SYNC_SERVER",
                server.uri().toString());
        List<String> words = ProgramProcess.words(List.of("-Xmx64m", "-XX:+UseSerialGC"), "pull");
        words.addAll(List.of(options));
        return new ProgramProcess(directory, environment).run(words);
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/v1/book")) {
            HostileServer.answer(exchange, 200, """
                    {"count":%d,"seq":1,"checkCode":"%s","checkKey":"%s","queue":{"running":0,"waiting":0}}""".formatted(
                            CONTACTS, code, CheckKey.of(new byte[32]).base64Url()));
            return;
        }
        String query = exchange.getRequestURI().getQuery();
        int from = query.contains("after=")
                ? Integer.parseInt(query.replaceAll(".*after=([0-9]+).*", "$1")) + 1 - CONTACTS
                : 0;
        StringBuilder page = new StringBuilder("{\"contacts\":[");
        for (int i = from; i < from + PAGE; i++) {
            page.append(i == from ? "" : ",")
                    .append("{\"uid\":\"")
                    .append(uid(i))
                    .append("\",\"card\":")
                    .append(card(i))
                    .append('}');
        }
        page.append("],\"checkCode\":\"").append(code).append('"');
        if (from + PAGE < CONTACTS) {
            page.append(",\"next\":\"/v1/book/contacts?after=")
                    .append(uid(from + PAGE - 1))
                    .append("\"");
        }
        HostileServer.answer(exchange, 200, page.append('}').toString());
    }

    private static String uid(int number) {
        return String.valueOf(CONTACTS + number);
    }

    private static String card(int number) {
        return "{\"@type\":\"Card\",\"name\":{\"full\":\"Person " + number + "\"},\"notes\":{\"k1\":{\"note\":\""
                + FILLING + "\"}},\"version\":\"1.0\"}";
    }
}
