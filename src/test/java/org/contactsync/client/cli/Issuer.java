package org.contactsync.client.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An OpenID provider with a sign-in for devices (RFC 8628), which answers what a test wants. Thread-safe. */
final class Issuer implements AutoCloseable {
    private final HttpServer http;
    private final List<Map<String, String>> requests = new ArrayList<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private String claimed;
    private String deviceEndpoint;

    Issuer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        claimed = address();
        deviceEndpoint = address() + "/device";
        http.createContext("/", this::serve);
        http.start();
    }

    String address() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    synchronized void claims(String issuer) {
        claimed = issuer;
    }

    synchronized void namesDeviceEndpoint(String address) {
        deviceEndpoint = address;
    }

    /** What the token endpoint answers, one after the other: an error, or {@code TOKEN LIFETIME REFRESH}. */
    synchronized void answers(String... all) {
        answers.addAll(List.of(all));
    }

    /** The forms that were posted. */
    synchronized List<Map<String, String>> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/.well-known/openid-configuration")) {
            answer(
                    exchange,
                    200,
                    "{\"issuer\":\"" + claimed + "\",\"device_authorization_endpoint\":\"" + deviceEndpoint
                            + "\",\"token_endpoint\":\"" + address() + "/token\"}");
            return;
        }
        requests.add(form(exchange));
        if (path.equals("/device")) {
            answer(
                    exchange,
                    200,
                    "{\"device_code\":\"secret-device-code\",\"user_code\":\"WDJB-MJHT\",\"verification_uri\":\""
                            + address() + "/activate\",\"expires_in\":600,\"interval\":1}");
            return;
        }
        String next = answers.isEmpty() ? "authorization_pending" : answers.remove();
        String[] words = next.split(" ");
        if (words.length == 1) {
            answer(exchange, 400, "{\"error\":\"" + next + "\"}");
        } else {
            answer(
                    exchange,
                    200,
                    "{\"access_token\":\"" + words[0] + "\",\"token_type\":\"Bearer\",\"expires_in\":" + words[1]
                            + ",\"refresh_token\":\"" + words[2] + "\"}");
        }
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = new TreeMap<>();
        Arrays.stream(body.split("&"))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> form.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        return form;
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
