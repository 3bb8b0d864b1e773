package org.contactsync.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.contactsync.settings.Network;
import org.contactsync.settings.SecretKey;
import org.contactsync.settings.WebhookSettings.Endpoint;
import org.contactsync.webhook.Message;
import org.contactsync.webhook.Result;
import org.contactsync.webhook.Result.Failed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes of a request, whatever the other side does. */
class HttpPostTest {
    /** Where it has to be over. */
    private static final Duration BRIEF = Duration.ofSeconds(1);

    /** For a busy machine. */
    private static final Duration GENEROUS = Duration.ofSeconds(60);

    /** The other side goes on for so long. */
    private static final Duration ENDLESS = Duration.ofSeconds(60);

    private static final Duration PIECE = Duration.ofMillis(200);
    private static final long PIECES = ENDLESS.dividedBy(PIECE);
    private static final SecretKey KEY = SecretKey.ofBase64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 32, 64);
    private static final Message MESSAGE =
            new Message("msg_1", "{\"type\":\"book.changed\"}".getBytes(StandardCharsets.UTF_8));

    private final List<String> lookedUp = new ArrayList<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final List<ServerSocket> servers = new ArrayList<>();

    private interface Behaviour {
        void with(Socket socket) throws IOException, InterruptedException;
    }

    @AfterEach
    void close() throws IOException {
        for (ServerSocket each : servers) {
            each.close();
        }
    }

    @Test
    void sendsASignedRequestToTheCheckedAddress() throws Exception {
        Result result = send(answering("HTTP/1.1 204 No Content\r\n\r\n"), "/hook?a=b");

        assertThat(result).isEqualTo(new Result.Delivered());
        String request = requests.take();
        assertThat(request)
                .startsWith("POST /hook?a=b HTTP/1.1\r\nHost: receiver.example:")
                .contains("\r\nwebhook-id: msg_1\r\n", "\r\nConnection: close\r\n", "\r\nContent-Length: 23\r\n")
                .containsPattern("\r\nwebhook-timestamp: [0-9]{10}\r\nwebhook-signature: v1,[A-Za-z0-9+/=]{44}\r\n")
                .endsWith("\r\n\r\n{\"type\":\"book.changed\"}");
        assertThat(lookedUp).containsExactly("receiver.example");
    }

    @ParameterizedTest
    @CsvSource({
        "301,redirect",
        "302,redirect",
        "307,redirect",
        "400,http_400",
        "404,http_404",
        "429,http_429",
        "500,http_500",
        "599,http_599"
    })
    void everyOtherStatusIsAFailure(int status, String error) throws Exception {
        Result result =
                send(answering("HTTP/1.1 " + status + " Whatever\r\nLocation: http://127.0.0.1:1/\r\n\r\n"), "");

        assertThat(result).isEqualTo(new Failed(error, status, Optional.empty()));
        assertThat(requests).hasSize(1);
    }

    @Test
    void goneEndsIt() throws Exception {
        assertThat(send(answering("HTTP/1.0 410\r\n\r\n"), "/")).isEqualTo(new Result.Gone());
    }

    @ParameterizedTest
    @CsvSource({
        "120,120",
        "0,0",
        "99999,3600",
        "'Thu, 01 Jan 1970 00:00:00 GMT',0",
        "'Fri, 01 Jan 2100 00:00:00 GMT',3600"
    })
    void heedsRetryAfterUpToAnHour(String value, long seconds) throws Exception {
        Result result = send(answering("HTTP/1.1 503 Busy\r\nretry-After: " + value + "\r\n\r\n"), "/");

        assertThat(result).isEqualTo(new Failed("http_503", 503, Optional.of(Duration.ofSeconds(seconds))));
    }

    @Test
    void readsPastInterimResponses() throws Exception {
        String early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

        assertThat(send(answering(early + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), "/"))
                .isEqualTo(new Result.Delivered());
    }

    @Test
    void refusesWhatIsNotHttpOrTooMuch() throws Exception {
        assertThat(send(answering("SSH-2.0-OpenSSH\r\n"), "/")).isEqualTo(failed("protocol"));
        assertThat(send(answering("HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000)), "/"))
                .isEqualTo(failed("protocol"));
        assertThat(send(answering(""), "/")).isEqualTo(failed("connection"));
    }

    @Test
    void doesNotReadAnEndlessBody() throws Exception {
        long start = System.nanoTime();
        Result result = send(
                socket -> {
                    read(socket);
                    OutputStream out = socket.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(new byte[1_000]);
                    }
                },
                "/");

        assertThat(result).isEqualTo(new Result.Delivered());
        assertThat(System.nanoTime() - start).isLessThan(GENEROUS.toNanos());
    }

    @Test
    void waitsForNobodyLongerThanItMay() throws Exception {
        assertTimesOut(socket -> Thread.sleep(ENDLESS.toMillis()));
        assertTimesOut(socket -> {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < PIECES; i++) {
                out.write('H');
                out.flush();
                Thread.sleep(PIECE.toMillis());
            }
        });
    }

    /** Nor during the handshake. */
    @Test
    void waitsForNoHandshakeLongerThanItMay(@TempDir Path directory) throws Exception {
        ServerSocket server = listen(socket -> {
            OutputStream out = socket.getOutputStream();
            // The head of a record of a server hello, and the hello in pieces.
            out.write(new byte[] {22, 3, 3, 0x20, 0});
            for (int i = 0; i < PIECES; i++) {
                out.write(2);
                out.flush();
                Thread.sleep(PIECE.toMillis());
            }
        });
        long start = System.nanoTime();

        Result result = post(BRIEF, trusting(directory), "127.0.0.1").send(endpoint("https", server, "/"), MESSAGE);

        assertThat(result).isIn(failed("timeout"), failed("tls"));
        assertThat(System.nanoTime() - start).isLessThan(ENDLESS.toNanos());
    }

    @Test
    void nobodyListens() throws Exception {
        // Nobody waits in accept(): the port would stay open until that thread has gone.
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        server.close();

        assertThat(post(tls(), "127.0.0.1").send(endpoint("http", server, "/"), MESSAGE))
                .isEqualTo(failed("connect"));
    }

    @Test
    void connectsToNoPrivateAddress() throws Exception {
        ServerSocket server = listen(HttpPostTest::read);

        assertThat(post(tls(), "127.0.0.2", "10.0.0.1", "169.254.169.254").send(endpoint("http", server, "/"), MESSAGE))
                .isEqualTo(failed("address"));
        assertThat(post(tls()).send(endpoint("http", server, "/"), MESSAGE)).isEqualTo(failed("name"));
        assertThat(requests).isEmpty();
    }

    /** The name is looked up once: a second answer cannot lead elsewhere. */
    @Test
    void connectsToTheAddressThatWasChecked() throws Exception {
        Result result = send(answering("HTTP/1.1 200 OK\r\n\r\n"), "/", "10.0.0.1", "127.0.0.1");

        assertThat(result).isEqualTo(new Result.Delivered());
        assertThat(lookedUp).hasSize(1);
    }

    @Test
    void checksTheCertificateAndItsName(@TempDir Path directory) throws Exception {
        SSLSocketFactory trusting = trusting(directory);
        ServerSocket server = encrypted(directory);

        assertThat(post(trusting, "127.0.0.1").send(endpoint("https", server, "/"), MESSAGE))
                .isEqualTo(new Result.Delivered());
        assertThat(requests.poll(5, TimeUnit.SECONDS)).contains("webhook-id: msg_1");
        Endpoint another =
                new Endpoint("a", URI.create("https://another.example:" + server.getLocalPort()), List.of(KEY), KEY);
        assertThat(post(trusting, "127.0.0.1").send(another, MESSAGE)).isEqualTo(failed("tls"));
        assertThat(post(tls(), "127.0.0.1").send(endpoint("https", server, "/"), MESSAGE))
                .isEqualTo(failed("tls"));
        assertThat(requests).isEmpty();
    }

    private void assertTimesOut(Behaviour behaviour) throws Exception {
        long start = System.nanoTime();
        assertThat(post(BRIEF, tls(), "127.0.0.1").send(endpoint("http", listen(behaviour), "/"), MESSAGE))
                .isEqualTo(failed("timeout"));
        assertThat(System.nanoTime() - start).isLessThan(ENDLESS.toNanos());
    }

    private static Failed failed(String error) {
        return Failed.unanswered(error);
    }

    private Result send(Behaviour behaviour, String path) throws Exception {
        return send(behaviour, path, "127.0.0.1");
    }

    private Result send(Behaviour behaviour, String path, String... addresses) throws Exception {
        return post(tls(), addresses).send(endpoint("http", listen(behaviour), path), MESSAGE);
    }

    private static Endpoint endpoint(String scheme, ServerSocket server, String path) {
        URI url = URI.create(scheme + "://receiver.example:" + server.getLocalPort() + path);
        return new Endpoint("a", url, List.of(KEY), KEY);
    }

    private HttpPost post(SSLSocketFactory tls, String... addresses) {
        return post(GENEROUS, tls, addresses);
    }

    private HttpPost post(Duration longest, SSLSocketFactory tls, String... addresses) {
        Names names = host -> {
            lookedUp.add(host);
            if (addresses.length == 0) {
                throw new UnknownHostException(host);
            }
            InetAddress[] found = new InetAddress[addresses.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = InetAddress.getByName(addresses[i]);
            }
            return found;
        };
        return new HttpPost(
                names,
                new AddressRules(List.of(Network.parse("127.0.0.1/32"))),
                tls,
                Clock.systemUTC(),
                System::nanoTime,
                longest);
    }

    private static SSLSocketFactory tls() {
        return Trust.in(Optional.empty());
    }

    private Behaviour answering(String answer) {
        return socket -> {
            requests.add(read(socket));
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        };
    }

    /** Up to the end of the body. */
    private static String read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("}")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private ServerSocket listen(Behaviour behaviour) throws IOException {
        return listen(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), behaviour);
    }

    private ServerSocket listen(ServerSocket server, Behaviour behaviour) {
        servers.add(server);
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    behaviour.with(socket);
                } catch (IOException e) {
                    // The next one.
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private ServerSocket encrypted(Path directory) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(directory), "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return listen(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1")),
                answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    }

    /** Trusts the receiver's certificate, as {@code WEBHOOK_TRUST_CERTIFICATE} does. */
    private static SSLSocketFactory trusting(Path directory) throws Exception {
        Path pem = directory.resolve("trust.pem");
        Files.writeString(
                pem,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store(directory)
                                        .getCertificate("receiver")
                                        .getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        return Trust.in(Optional.of(pem));
    }

    private static KeyStore store(Path directory) throws Exception {
        Path file = directory.resolve("receiver.p12");
        if (!Files.exists(file)) {
            Process made = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "receiver",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=receiver.example",
                            "-ext",
                            "SAN=dns:receiver.example",
                            "-validity",
                            "2",
                            "-keystore",
                            file.toString(),
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            "changeit")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(made.waitFor()).isZero();
        }
        return KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
    }
}
