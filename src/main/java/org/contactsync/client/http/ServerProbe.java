package org.contactsync.client.http;

import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.contactsync.client.http.jdk.JdkHttp;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.Request;
import org.contactsync.client.http.port.Tls;
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

    /** @throws IllegalArgumentException in words for a person, when {@code server} is no address of a server */
    public static ServerProbe of(URI server) throws ServerUnreachable {
        ServerAddress address = new ServerAddress(server);
        Request request = Request.to(address.of("/v1/capabilities"))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .get()
                .build();
        Instant before = Instant.now();
        try {
            BoundedBody body = BoundedBody.upTo(AnswerSize.USUAL);
            Head answer = OneRequest.send(JdkHttp.to(address.base()), request, body, Exchange.WHOLE_ANSWER);
            Duration took = Duration.between(before, Instant.now());
            return new ServerProbe(
                    answer.status(),
                    took,
                    date(answer).map(date -> Duration.between(before.plus(took.dividedBy(2)), date)),
                    body.unpacked(answer.headers()).flatMap(ServerProbe::capabilities),
                    answer.tls());
        } catch (IOException e) {
            throw new ServerUnreachable("No answer from " + address.base() + ": " + ConnectionFault.words(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerUnreachable("Interrupted", e);
        }
    }

    private static Optional<Instant> date(Head answer) {
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
}
