package org.contactsync.rehearsal;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.message.Stopping;
import org.contactsync.settings.RehearsalTime;
import org.contactsync.settings.Settings;
import org.jspecify.annotations.Nullable;

/** Runs the rehearsal once, after the port was opened and before the instance is ready. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Rehearsal {
    /** {@code access.CallerFilter} lets it pass without a token: its requests have a secret. */
    static final String PATH = "v1/rehearsal";

    static final String SECRET = "Rehearsal-Secret";

    private static final Logger LOG = System.getLogger(Rehearsal.class.getName());
    private static final FailureLog FAILURES = FailureLog.of(Rehearsal.class);
    private static final String ISSUER = "urn:contact-sync:rehearsal";

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LAST_ANSWER = Duration.ofSeconds(5);

    /** If the compiler works for less of the time in {@link #QUIET_LOOKS} in a row, the rehearsal has done what it can. */
    private static final double LITTLE = 0.2;

    private static final int QUIET_LOOKS = 2;

    /** Before that, the compiler has not been asked for much. */
    private static final int LEAST_CHANGES = 200;

    private final AtomicLong owners = new AtomicLong();
    private Duration most;
    private String owner;
    private Stopping stopping;

    private volatile Optional<String> secret = Optional.empty();
    private volatile boolean over;
    private @Nullable Thread running;

    /** For the container's proxy. */
    protected Rehearsal() {}

    @Inject
    public Rehearsal(RehearsalTime time, Settings settings, Stopping stopping) {
        most = time.most();
        owner = settings.instance() + "-" + UUID.randomUUID();
        this.stopping = stopping;
        over = most.isZero();
    }

    /** Whether the instance may be used. */
    public boolean isOver() {
        return over;
    }

    /** Rehearses until it is over; to be called once requests are answered. */
    public void run(URI address) {
        if (over) {
            return;
        }
        try {
            rehearse(address);
        } finally {
            over = true;
        }
    }

    private void rehearse(URI address) {
        long start = System.nanoTime();
        setRunning(Thread.currentThread());
        stopping.whenStopping(this::end);
        if (stopping.now()) {
            // It may have told everybody already.
            setRunning(null);
            return;
        }
        String own = UUID.randomUUID().toString();
        secret = Optional.of(own);
        RehearsalClient client = new RehearsalClient(address.resolve("/" + PATH), own);
        Thread thread = start(client);
        try {
            awaitEnd(client, start);
            client.end();
            // A request that is on its way is answered: its secret must not be void before.
            thread.join(LAST_ANSWER.toMillis());
        } catch (InterruptedException e) {
            // The process was asked to stop.
            Thread.currentThread().interrupt();
            return;
        } finally {
            client.end();
            secret = Optional.empty();
            setRunning(null);
        }
        logFailure(client);
        LOG.log(
                Level.INFO,
                "Rehearsed " + client.done() + " changes in "
                        + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms; nothing of them is kept.");
    }

    private static void logFailure(RehearsalClient client) {
        String status = "status=" + client.lastStatus();
        if (client.failure().isPresent()) {
            FAILURES.warning("rehearsal ended early", status, client.failure().get());
        } else if (client.done() == 0) {
            FAILURES.warning("nothing was rehearsed", () -> status);
        }
    }

    /** Only one: the compiler is to have a processor of its own, also where there are only two. */
    private static Thread start(RehearsalClient client) {
        Thread thread = new Thread(client, "contact-sync rehearsal");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void awaitEnd(RehearsalClient client, long start) throws InterruptedException {
        long before = compilationMillis();
        int quiet = 0;
        while (quiet < QUIET_LOOKS && client.failure().isEmpty() && System.nanoTime() - start < most.toNanos()) {
            Thread.sleep(LOOK.toMillis());
            long now = compilationMillis();
            boolean little = now > 0 && client.done() >= LEAST_CHANGES && now - before < LITTLE * LOOK.toMillis();
            quiet = little ? quiet + 1 : 0;
            before = now;
        }
    }

    /** Since the start; 0 if this virtual machine does not tell. */
    private static long compilationMillis() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }

    /** Whether a request is one of this process. */
    boolean admits(@Nullable String given) {
        return given != null
                && secret.filter(own -> MessageDigest.isEqual(
                                own.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8)))
                        .isPresent();
    }

    /** A user who does not exist, in no instance. */
    Owner newOwner() {
        return new Owner(ISSUER, owner + "-" + owners.incrementAndGet());
    }

    /** Ends it at once, without a line in the log. */
    @PreDestroy
    synchronized void end() {
        if (running != null) {
            running.interrupt();
        }
    }

    /** A thread that does other work again must not be interrupted. */
    private synchronized void setRunning(@Nullable Thread thread) {
        running = thread;
    }
}
