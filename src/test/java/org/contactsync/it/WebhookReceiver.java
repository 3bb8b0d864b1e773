package org.contactsync.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Systems of an operator that are told of changes, each at a path of its own. They check every signature. Thread-safe. */
final class WebhookReceiver implements AutoCloseable {
    static final String SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static final String NEXT_SECRET = "c2VjcmV0LW9mLWEtcm90YXRlZC1lbmRwb2ludA==";
    static final String OWNER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String ADDRESS = "127.0.0.1";

    private final HttpsServer server;
    private final HttpServer plain;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Path certificate;
    private final Map<String, List<Received>> received = new ConcurrentHashMap<>();
    private final Map<String, Function<Received, Integer>> answers = new ConcurrentHashMap<>();

    /** A message. */
    record Received(String path, String id, JsonObject body, long nanos) {
        String owner() {
            return data().getString("owner");
        }

        int seq() {
            return data().getInt("seq");
        }

        JsonObject data() {
            return body.getJsonObject("data");
        }
    }

    /** @param directory for its key and certificate */
    WebhookReceiver(Path directory) throws IOException, GeneralSecurityException {
        Files.createDirectories(directory);
        BrokerStores stores = BrokerStores.in(directory);
        char[] password = BrokerStores.PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance(stores.key().toFile(), password);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        certificate = directory.resolve("receiver.pem");
        Files.writeString(
                certificate,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("broker").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        InetSocketAddress any = new InetSocketAddress(InetAddress.getByName(ADDRESS), 0);
        server = HttpsServer.create(any, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        plain = HttpServer.create(any, 0);
        for (HttpServer each : List.of(server, plain)) {
            each.createContext("/", this::take);
            each.setExecutor(threads);
            each.start();
        }
    }

    /** What the service has to be told so that it delivers here. */
    void configure(LibertyServer service, Path file, String... endpoints) throws IOException {
        Files.writeString(file, "{\"endpoints\":[" + String.join(",", endpoints) + "]}");
        service.with("WEBHOOK_ENDPOINTS", file.toAbsolutePath().toString())
                .with(
                        "WEBHOOK_HOSTS",
                        "localhost:" + port() + "," + ADDRESS + ":" + plainPort() + ",127.0.0.2:" + port())
                .with("WEBHOOK_NETWORKS", ADDRESS + "/32")
                .with("WEBHOOK_HTTP", "true")
                .with("WEBHOOK_TRUST_CERTIFICATE", certificate.toAbsolutePath().toString());
    }

    /** An endpoint over TLS. */
    String encrypted(String name) {
        return endpoint(name, "https://localhost:" + port() + "/" + name);
    }

    /** An endpoint without TLS. */
    String plain(String name) {
        return endpoint(name, "http://" + ADDRESS + ":" + plainPort() + "/" + name);
    }

    static String endpoint(String name, String url) {
        return "{\"name\":\"%s\",\"url\":\"%s\",\"secrets\":[\"whsec_%s\",\"whsec_%s\"],\"ownerKey\":\"%s\"}"
                .formatted(name, url, NEXT_SECRET, SECRET, OWNER_KEY);
    }

    int port() {
        return server.getAddress().getPort();
    }

    int plainPort() {
        return plain.getAddress().getPort();
    }

    /** How an endpoint answers from now on; 204 before. */
    void answer(String name, Function<Received, Integer> status) {
        answers.put("/" + name, status);
    }

    List<Received> all(String name) {
        return List.copyOf(received.getOrDefault("/" + name, List.of()));
    }

    /** Those of a user, in the order in which they came. */
    List<Received> of(String name, String owner) {
        return all(name).stream().filter(each -> each.owner().equals(owner)).toList();
    }

    static List<Integer> seqs(List<Received> messages) {
        return messages.stream().map(Received::seq).collect(Collectors.toList());
    }

    /** What endpoints know a user by. */
    static String ownerHash(String ownerKey) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hmac(OWNER_KEY, ownerKey));
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String id = exchange.getRequestHeaders().getFirst("webhook-id");
            String time = exchange.getRequestHeaders().getFirst("webhook-timestamp");
            String signed = id + "." + time + "." + body;
            String expected = "v1," + Base64.getEncoder().encodeToString(hmac(NEXT_SECRET, signed)) + " v1,"
                    + Base64.getEncoder().encodeToString(hmac(SECRET, signed));
            boolean fresh = Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(time)) < 60;
            String path = exchange.getRequestURI().getPath();
            if (!fresh || !expected.equals(exchange.getRequestHeaders().getFirst("webhook-signature"))) {
                path = "/forged";
            }
            try (JsonReader json = Json.createReader(new StringReader(body))) {
                Received message = new Received(path, id, json.readObject(), System.nanoTime());
                int status = answers.getOrDefault(path, each -> 204).apply(message);
                received.computeIfAbsent(path, key -> new CopyOnWriteArrayList<>())
                        .add(message);
                exchange.getResponseHeaders().add("Location", "/elsewhere");
                exchange.sendResponseHeaders(status, -1);
            }
        }
    }

    private static byte[] hmac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        plain.stop(0);
        threads.shutdownNow();
    }
}
