package org.contactsync.webhook.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.contactsync.settings.Network;
import org.contactsync.settings.WebhookSettings.Endpoint;
import org.contactsync.webhook.Message;
import org.contactsync.webhook.Result;

/**
 * Sends messages by {@code POST}, each over a connection of its own. The client of the JDK is not used, because it looks a name up
 * by itself, after the check. Thread-safe.
 */
public final class HttpPost {
    /** For an attempt, from the look-up of the name to the head of the response. */
    public static final Duration LONGEST = Duration.ofSeconds(10);

    /** For one address to accept the connection. */
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** For the body of a response, which means nothing: only a close before its end would look like a failure to the other side. */
    private static final Duration BODY = Duration.ofSeconds(1);

    private static final int MOST_ADDRESSES = 3;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int GONE = 410;
    private static final int SUCCESS = 2;
    private static final int CLASS = 100;

    private final Names names;
    private final AddressRules rules;
    private final SSLSocketFactory tls;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Duration longest;

    /**
     * @param networks allowed besides public addresses
     * @param lookUps runs look-ups of names: one at a time for each of them
     */
    public HttpPost(List<Network> networks, SSLSocketFactory tls, Clock clock, Executor lookUps) {
        this(
                new TimedNames(InetAddress::getAllByName, lookUps, TimedNames.LONGEST),
                new AddressRules(networks),
                tls,
                clock,
                System::nanoTime,
                LONGEST);
    }

    HttpPost(Names names, AddressRules rules, SSLSocketFactory tls, Clock clock, LongSupplier nanos, Duration longest) {
        this.names = names;
        this.rules = rules;
        this.tls = tls;
        this.clock = clock;
        this.nanos = nanos;
        this.longest = longest;
    }

    /** Makes one attempt. Does not throw: whatever goes wrong is a result. */
    public Result send(Endpoint endpoint, Message message) {
        long end = nanos.getAsLong() + longest.toNanos();
        try {
            List<InetAddress> addresses = addresses(endpoint.url());
            if (addresses.isEmpty()) {
                return failed("address");
            }
            try (TimedSocket socket = connected(addresses, port(endpoint.url()), end)) {
                return exchange(socket, endpoint, message);
            }
        } catch (UnknownHostException e) {
            return failed("name");
        } catch (SocketTimeoutException e) {
            return failed("timeout");
        } catch (ConnectException e) {
            return failed("connect");
        } catch (SSLException e) {
            return failed("tls");
        } catch (ProtocolException e) {
            return failed("protocol");
        } catch (IOException e) {
            return failed("connection");
        }
    }

    private static Result failed(String error) {
        return Result.Failed.unanswered(error);
    }

    private List<InetAddress> addresses(URI url) throws UnknownHostException {
        List<InetAddress> allowed = new ArrayList<>();
        for (InetAddress each : names.lookUp(url.getHost())) {
            if (rules.allow(each) && allowed.size() < MOST_ADDRESSES) {
                allowed.add(each);
            }
        }
        return allowed;
    }

    /** The first address that accepts. */
    private TimedSocket connected(List<InetAddress> addresses, int port, long end) throws IOException {
        IOException failure = new ConnectException("no address");
        for (InetAddress address : addresses) {
            TimedSocket socket = new TimedSocket(nanos, end);
            try {
                socket.setTcpNoDelay(true);
                int most = (int) Math.min(CONNECT.toMillis(), socket.millisLeft());
                socket.connect(new InetSocketAddress(address, port), most);
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure;
    }

    private Result exchange(TimedSocket plain, Endpoint endpoint, Message message) throws IOException {
        URI url = endpoint.url();
        if (!isEncrypted(url)) {
            return exchange(plain, plain, endpoint, message);
        }
        try (SSLSocket encrypted = (SSLSocket) tls.createSocket(plain, url.getHost(), port(url), true)) {
            SSLParameters parameters = encrypted.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            encrypted.setSSLParameters(parameters);
            encrypted.startHandshake();
            return exchange(plain, encrypted, endpoint, message);
        }
    }

    private Result exchange(TimedSocket plain, Socket socket, Endpoint endpoint, Message message) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(request(endpoint, message, clock.instant()));
        out.flush();
        InputStream in = new BufferedInputStream(socket.getInputStream(), ResponseHead.MOST_BYTES);
        ResponseHead head = ResponseHead.read(in, clock.instant());
        skipBody(plain, in);
        if (head.status() / CLASS == SUCCESS) {
            return new Result.Delivered();
        }
        if (head.status() == GONE) {
            return new Result.Gone();
        }
        return Result.Failed.answered(head.status(), head.retryAfter());
    }

    private static byte[] request(Endpoint endpoint, Message message, Instant now) {
        URI url = endpoint.url();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String head = "POST " + path + query + " HTTP/1.1\r\n"
                + "Host: " + url.getRawAuthority() + "\r\n"
                + "User-Agent: contact-sync\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + message.body().length + "\r\n"
                + "webhook-id: " + message.id() + "\r\n"
                + "webhook-timestamp: " + now.getEpochSecond() + "\r\n"
                + "webhook-signature: " + message.signature(endpoint.secrets(), now) + "\r\n"
                + "Connection: close\r\n\r\n";
        byte[] first = head.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[first.length + message.body().length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(message.body(), 0, all, first.length, message.body().length);
        return all;
    }

    private void skipBody(TimedSocket plain, InputStream in) {
        plain.endBy(nanos.getAsLong() + BODY.toNanos());
        byte[] buffer = new byte[1024];
        int left = ResponseHead.MOST_BYTES;
        try {
            for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
                left -= n;
            }
        } catch (IOException e) {
            // The answer is known.
            return;
        }
    }

    private static boolean isEncrypted(URI url) {
        return "https".equals(url.getScheme());
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : isEncrypted(url) ? HTTPS : HTTP;
    }
}
