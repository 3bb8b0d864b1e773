package org.contactsync.client.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.contactsync.protocol.Capabilities;
import org.contactsync.protocol.json.AnswerReader;
import org.contactsync.protocol.json.BoundedJson;

/**
 * One look at a server, without a token and without a second attempt.
 *
 * @param took from the request to the whole answer
 * @param clock how far the server's clock is ahead of this machine's, to about a second; empty if the server does not tell the time
 * @param capabilities empty if what answered is no contact-sync server
 * @param tls of the connection, if it has any
 */
public record ServerProbe(
        int status, Duration took, Optional<Duration> clock, Optional<Capabilities> capabilities, Optional<Tls> tls) {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** @param ends when the server's certificate does */
    public record Tls(String protocol, Optional<Instant> ends) {}

    /** @throws IllegalArgumentException in words for a person, when {@code server} is no address of a server */
    public static ServerProbe of(URI server) throws ServerUnreachable {
        ServerAddress address = new ServerAddress(server);
        HttpRequest request = HttpRequest.newBuilder(address.of("/v1/capabilities"))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .GET()
                .build();
        Instant before = Instant.now();
        try {
            HttpResponse<Optional<byte[]>> answer =
                    Exchange.client(address).send(request, BoundedBody.upTo(AnswerSize.USUAL));
            Duration took = Duration.between(before, Instant.now());
            return new ServerProbe(
                    answer.statusCode(),
                    took,
                    date(answer).map(date -> Duration.between(before.plus(took.dividedBy(2)), date)),
                    answer.body().flatMap(ServerProbe::capabilities),
                    answer.sslSession().map(ServerProbe::tls));
        } catch (IOException e) {
            throw new ServerUnreachable("No answer from " + address.base() + ": " + ConnectionFault.words(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerUnreachable("Interrupted", e);
        }
    }

    private static Optional<Instant> date(HttpResponse<?> answer) {
        try {
            return answer.headers()
                    .firstValue("Date")
                    .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Capabilities> capabilities(byte[] body) {
        try {
            return Optional.of(AnswerReader.capabilities(BoundedJson.object(body)));
        } catch (RuntimeException anotherAnswer) {
            return Optional.empty();
        }
    }

    private static Tls tls(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return new Tls(
                    session.getProtocol(),
                    chain.length > 0 && chain[0] instanceof X509Certificate certificate
                            ? Optional.of(certificate.getNotAfter().toInstant())
                            : Optional.empty());
        } catch (SSLPeerUnverifiedException e) {
            return new Tls(session.getProtocol(), Optional.empty());
        }
    }
}
