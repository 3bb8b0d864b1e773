package org.contactsync.model;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.problem.ProblemType;

/**
 * Stands between the devices and the service, and does to requests and answers what a {@link Fault} says. Counts requests and bytes,
 * with all headers as they are written. For one device at a time.
 */
final class Wire implements AutoCloseable {
    /** The client of the wire sets these itself, or they belong to one connection. */
    private static final Set<String> OWN =
            Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "http2-settings", "date");

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final HttpServer http;
    private final URI service;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<HttpRequest> late = new ArrayList<>();
    private final List<String> contradictions = new ArrayList<>();
    private Fault fault = Fault.NONE;
    private Others others = Others.NOBODY;
    private int met;
    private int changing;
    private Count count = new Count(0, 0);

    static {
        // Without it each answer waits 40 ms for the kernel's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** @param bytes both ways */
    record Count(int requests, long bytes) {
        Count minus(Count before) {
            return new Count(requests - before.requests, bytes - before.bytes);
        }
    }

    /** Who else acts. */
    interface Others {
        Others NOBODY = new Others() {
            @Override
            public void change() {}

            @Override
            public void changeBack() {}
        };

        void change() throws ServerUnreachable, ServerRefusal;

        void changeBack() throws ServerUnreachable, ServerRefusal;
    }

    Wire(URI service) throws IOException {
        this.service = service;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::serve);
        http.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** What the requests from now on meet. */
    synchronized void expect(Fault next) {
        fault = next;
        met = 0;
    }

    /** Who acts with {@link Fault.Kind#OTHERS_ACT}. */
    synchronized void others(Others who) {
        others = who;
    }

    /** How many requests that may change something have arrived, or may yet. */
    synchronized int changing() {
        return changing;
    }

    synchronized Count count() {
        return count;
    }

    /** Brings the requests that are late; nobody hears the answers. */
    void bringLate() throws IOException {
        List<HttpRequest> now;
        synchronized (this) {
            now = List.copyOf(late);
            late.clear();
        }
        for (HttpRequest request : now) {
            send(request);
        }
    }

    /** Repeated requests that were answered otherwise. */
    synchronized List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        HttpRequest request = copy(exchange);
        Fault.Kind kind = next();
        note(request, kind);
        switch (kind) {
            case OTHERS_ACT -> {
                letOthersAct();
                answer(exchange, send(request));
            }
            case REQUEST_LOST, OFFLINE -> exchange.close();
            case LATE -> {
                keep(request);
                exchange.close();
            }
            case ANSWER_LOST -> {
                send(request);
                exchange.close();
            }
            case TWICE -> {
                HttpResponse<byte[]> first = send(request);
                HttpResponse<byte[]> second = send(request);
                compare(request, first, second);
                answer(exchange, second);
            }
            default -> answer(exchange, send(request));
        }
    }

    private synchronized Fault.Kind next() {
        met++;
        boolean now = switch (fault.kind()) {
            case OFFLINE -> met >= fault.at();
            case OTHERS_ACT -> met == fault.at() || met == back();
            default -> met == fault.at();
        };
        return now ? fault.kind() : Fault.Kind.NONE;
    }

    /** The request before which what others have done is undone. */
    private int back() {
        return fault.at() + 1 + fault.at() % 2;
    }

    private void letOthersAct() throws IOException {
        Others who;
        boolean undo;
        synchronized (this) {
            who = others;
            undo = met == back();
        }
        try {
            if (undo) {
                who.changeBack();
            } else {
                who.change();
            }
        } catch (ServerUnreachable | ServerRefusal e) {
            throw new IOException(e);
        }
    }

    private synchronized void note(HttpRequest request, Fault.Kind kind) {
        boolean arrives = kind != Fault.Kind.REQUEST_LOST && kind != Fault.Kind.OFFLINE;
        if (arrives && !READING.contains(request.method())) {
            changing += kind == Fault.Kind.TWICE ? 2 : 1;
        }
    }

    private synchronized void keep(HttpRequest request) {
        late.add(request);
    }

    private HttpRequest copy(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Headers headers = exchange.getRequestHeaders();
        add(1, size(exchange.getRequestMethod() + exchange.getRequestURI(), headers) + body.length);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        service.resolve(exchange.getRequestURI().toString()))
                .timeout(Duration.ofMinutes(2))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        Map<String, List<String>> headers = answer.headers().map();
        add(0, size("HTTP/1.1 200 OK", headers) + answer.body().length);
        headers.forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        int length = answer.body().length;
        exchange.sendResponseHeaders(answer.statusCode(), length == 0 ? -1 : length);
        if (length > 0) {
            exchange.getResponseBody().write(answer.body());
        }
        exchange.close();
    }

    /** Protocol 7.1 and 7.2: of what changes something the second answer is the first one. */
    private synchronized void compare(HttpRequest request, HttpResponse<byte[]> first, HttpResponse<byte[]> second) {
        boolean reads = READING.contains(request.method());
        boolean later = first.statusCode() == 202
                || first.statusCode() == 429
                || first.statusCode() >= 500
                || is(first, ProblemType.TASK_WAITING)
                || is(second, ProblemType.TASK_EXPIRED); // the lease ends between the two
        boolean same =
                first.statusCode() == second.statusCode() && essence(first).equals(essence(second));
        if (!reads && !later && !same) {
            contradictions.add(request.method() + " " + request.uri() + " was answered " + text(first) + " and then "
                    + text(second));
        }
    }

    private static boolean is(HttpResponse<byte[]> answer, ProblemType type) {
        return answer.statusCode() == type.status()
                && new String(answer.body(), StandardCharsets.UTF_8).contains(type.uri());
    }

    /** What a repeated answer has in common with the first one; what was missed comes in a short form (protocol 7.2). */
    private static String essence(HttpResponse<byte[]> answer) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        return answer.statusCode() == 200 ? body.replaceFirst(",\"missed\":.*", "}") : "";
    }

    private static String text(HttpResponse<byte[]> answer) {
        return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }

    private synchronized void add(int requests, long bytes) {
        count = new Count(count.requests() + requests, count.bytes() + bytes);
    }

    private static long size(String line, Map<String, List<String>> headers) {
        return line.length()
                + 14
                + headers.entrySet().stream()
                        .mapToLong(header -> header.getValue().stream()
                                .mapToLong(value -> header.getKey().length() + value.length() + 4)
                                .sum())
                        .sum();
    }
}
