package org.contactsync.store.object;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.contactsync.log.FailureLog;
import org.contactsync.photo.ObjectName;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.photo.StoredPiece;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.settings.ObjectStore;

/** Keeps pieces as objects in a bucket of an S3-compatible store. Thread-safe. */
public final class S3Objects implements PhotoObjects {
    /** What a client is told to wait. */
    static final Duration RETRY = Duration.ofSeconds(5);

    /** Of a call with both attempts. A piece of 256 KiB takes some ten milliseconds. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    /** Of one attempt, so that there is time for the other one. */
    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    private static final Duration CONNECT = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * Pieces that are put or removed at once. A photo that is sent has one of the 64 places for bodies meanwhile: so most of them stay for
     * contacts while the store hangs.
     */
    private static final int MOST_WRITES = 16;

    /** Pieces that are read at once: of 32 photos and 4 archives. With the others 13 MiB. */
    private static final int MOST_READINGS = 36;

    /** Wait for one of them; counts in {@link #LONGEST}. */
    private static final Duration PLACE = Duration.ofSeconds(1);

    private static final FailureLog LOG = FailureLog.of(S3Objects.class);
    private static final byte[] NOTHING = {};
    private static final int SUCCESS = 2;
    private static final int CLASS = 100;
    private static final int ABSENT = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 5;

    private final ObjectStore store;
    private final S3Signature signature;
    private final HttpClient client;
    private final Clock clock;
    private final StoreWatch watch;
    private final Semaphore writes = new Semaphore(MOST_WRITES, true);
    private final Semaphore readings = new Semaphore(MOST_READINGS, true);
    private final String host;
    private final String folder;
    private final URI root;
    private final Duration attempt;

    /** @param clock of the signatures: the store refuses them if it differs by more than 15 minutes */
    public S3Objects(ObjectStore store, Clock clock) {
        this(store, clock, ATTEMPT, new StoreWatch(System::nanoTime));
    }

    S3Objects(ObjectStore store, Clock clock, Duration attempt, StoreWatch watch) {
        this.store = store;
        this.clock = clock;
        this.attempt = attempt;
        this.watch = watch;
        signature = new S3Signature(store.accessKey(), store.secretKey(), store.region());
        String endpoint = store.endpoint().getHost();
        host = (store.pathStyle() ? endpoint : store.bucket() + "." + endpoint) + port(store.endpoint());
        folder = store.pathStyle() ? "/" + store.bucket() + "/" : "/";
        root = URI.create(store.endpoint().getScheme() + "://" + host);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        store.trustCertificate().map(S3Trust::in).ifPresent(builder::sslContext);
        client = builder.build();
    }

    /** As the header {@code Host} has it: not if it is that of the scheme. */
    private static String port(URI endpoint) {
        int ofScheme = "https".equals(endpoint.getScheme()) ? 443 : 80;
        return endpoint.getPort() < 0 || endpoint.getPort() == ofScheme ? "" : ":" + endpoint.getPort();
    }

    @Override
    public boolean takesNew() {
        return store.takesNew();
    }

    @Override
    public boolean isFine() {
        return watch.isFine();
    }

    @Override
    public String place() {
        return store.endpoint() + "/" + store.bucket();
    }

    @Override
    public Optional<byte[]> read(StoredPiece.InStore piece) {
        if (!piece.place().equals(place())) {
            LOG.warning("a photo is in another store or bucket than the settings name", () -> "place=" + piece.place());
            throw unavailable();
        }
        return get(piece.name());
    }

    @Override
    public void put(ObjectName name, byte[] piece) {
        if (call("PUT", name, piece, writes).isEmpty()) {
            throw unavailable();
        }
    }

    @Override
    public Optional<byte[]> get(ObjectName name) {
        return call("GET", name, NOTHING, readings);
    }

    @Override
    public void remove(ObjectName name) {
        call("DELETE", name, NOTHING, writes);
    }

    /** The body of the response; empty if the object does not exist. */
    private Optional<byte[]> call(String method, ObjectName name, byte[] body, Semaphore places) {
        if (!watch.mayTry()) {
            throw unavailable();
        }
        long end = System.nanoTime() + LONGEST.toNanos();
        boolean entered = false;
        try {
            entered = places.tryAcquire(PLACE.toMillis(), TimeUnit.MILLISECONDS);
            if (!entered) {
                throw unavailable();
            }
            Optional<byte[]> found = twice(method, name, body, end);
            watch.recordSuccess(method);
            return found;
        } catch (StoreException e) {
            if (e.isRefusal()) {
                watch.recordRefusal(method);
            } else {
                watch.recordFailure();
            }
            LOG.warning("the store of photos does not do what it should", "method=" + method + " " + e.getMessage(), e);
            throw unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        } finally {
            if (entered) {
                places.release();
            }
        }
    }

    private Optional<byte[]> twice(String method, ObjectName name, byte[] body, long end)
            throws StoreException, InterruptedException {
        Optional<HttpResponse<byte[]>> first = attempt(method, name, body);
        if (first.isPresent() && !mayPass(first.get().statusCode())) {
            return result(first.get());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
        Duration left = Duration.ofNanos(end - System.nanoTime());
        return result(once(method, name, body, left.compareTo(attempt) < 0 ? left : attempt));
    }

    /** Empty if there was no response. */
    private Optional<HttpResponse<byte[]>> attempt(String method, ObjectName name, byte[] body)
            throws InterruptedException {
        try {
            return Optional.of(once(method, name, body, attempt));
        } catch (StoreException e) {
            // Often a connection that the store has closed. The other attempt says what is wrong.
            return Optional.empty();
        }
    }

    private static boolean mayPass(int status) {
        return status == TOO_MANY || status / CLASS == SERVER;
    }

    private static Optional<byte[]> result(HttpResponse<byte[]> response) throws StoreException {
        int status = response.statusCode();
        if (status / CLASS == SUCCESS) {
            return Optional.of(response.body());
        }
        // A bucket that does not exist is something else than a piece that does not.
        if (status == ABSENT
                && new String(response.body(), StandardCharsets.UTF_8).contains("<Code>NoSuchKey</Code>")) {
            return Optional.empty();
        }
        throw new StoreException(status);
    }

    /** One request, which is ended with its connection when its time is over, whatever it waits for. */
    private HttpResponse<byte[]> once(String method, ObjectName name, byte[] body, Duration most)
            throws StoreException, InterruptedException {
        String path = folder + name.key();
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        signature.headers(method, host, path, Map.of(), body, clock.instant()).forEach(request::header);
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request.build(), head -> new BoundedBody());
        try {
            return response.get(Math.max(1, most.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new StoreException("no response in time", e);
        } catch (ExecutionException e) {
            throw new StoreException("no response", e);
        } finally {
            response.cancel(true);
        }
    }

    private static ProblemException unavailable() {
        return new ProblemException(new Problem.Unavailable(UnavailableReason.PHOTO_STORE_AWAY, RETRY));
    }
}
