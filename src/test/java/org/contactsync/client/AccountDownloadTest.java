package org.contactsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Pause;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.http.jdk.JdkHttp;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.remote.AccountClient;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.state.WholeFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An archive is received into a file, from the beginning at each attempt. */
@Timeout(60)
class AccountDownloadTest {
    private static final RetryPolicy THRICE = new RetryPolicy(3, 3, Duration.ZERO, Duration.ZERO);
    private static final byte[] ARCHIVE = archive();

    @TempDir
    private Path directory;

    /** Protocol 4.26.2. */
    @Test
    void oneThatIsCutOffIsAskedForAgain() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        Path file = directory.resolve("account.zip");
        try (HostileServer server = new HostileServer(exchange -> {
                    boolean whole = requests.incrementAndGet() == 3;
                    exchange.sendResponseHeaders(200, ARCHIVE.length);
                    exchange.getResponseBody()
                            .write(whole ? ARCHIVE : Arrays.copyOf(ARCHIVE, ARCHIVE.length - requests.get()));
                });
                WholeFile content = WholeFile.begin(file)) {
            client(server).export(content::restart);
            content.finish();
        }

        assertThat(requests).hasValue(3);
        assertThat(Files.readAllBytes(file)).isEqualTo(ARCHIVE);
    }

    @Test
    void oneThatIsCutOffEachTimeIsNoAnswer() throws Exception {
        try (HostileServer server = new HostileServer(exchange -> {
            exchange.sendResponseHeaders(200, ARCHIVE.length);
            exchange.getResponseBody().write(ARCHIVE, 0, 10);
        })) {
            AccountClient client = client(server);
            assertThatThrownBy(() -> client.export(ByteArrayOutputStream::new)).isInstanceOf(ServerUnreachable.class);
        }
    }

    /** A refusal does not go to the file. */
    @Test
    void aRefusalIsNoArchive() throws Exception {
        String problem = "{\"type\":\"urn:contact-sync:problem:not-found\",\"title\":\"Not found\",\"status\":404,"
                + "\"detail\":\"this user has no account here\",\"next\":\"Check the path.\"}";
        try (HostileServer server = new HostileServer(exchange -> HostileServer.answer(exchange, 404, problem))) {
            AccountClient client = client(server);
            ByteArrayOutputStream out = new ByteArrayOutputStream();

            assertThatThrownBy(() -> client.export(() -> out))
                    .isInstanceOfSatisfying(
                            ServerRefusal.class,
                            refusal -> assertThat(refusal.problem().code()).isEqualTo("not-found"));

            assertThat(out.size()).isZero();
        }
    }

    /** Another attempt would not help. */
    @Test
    void aFileThatCannotBeWrittenIsNotTheServersFault() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (HostileServer server = new HostileServer(exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, ARCHIVE.length);
            exchange.getResponseBody().write(ARCHIVE);
        })) {
            AccountClient client = client(server);
            assertThatThrownBy(() -> client.export(FullDisk::new))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no space left");
        }
        assertThat(requests).hasValue(1);
    }

    private AccountClient client(HostileServer server) {
        return new BookClient(
                        new Exchange(server.account(), http(), THRICE, Pause.SLEEPING, Progress.SILENT),
                        Progress.SILENT)
                .accountClient();
    }

    HttpPort http() {
        return JdkHttp.usual();
    }

    private static byte[] archive() {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            throw new IOException("no space left");
        }
    }
}
