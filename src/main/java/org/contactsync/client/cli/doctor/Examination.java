package org.contactsync.client.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.client.cli.server.ServerOptions;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.Counted;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.Failure;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerProbe;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.http.port.Tls;
import org.contactsync.client.remote.BookClient;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.Capabilities;

/** Looks at one thing after the other; what needs something that is bad is left out. For one run, in one thread. */
final class Examination {
    private static final String CONFIGURATION = "configuration";
    private static final String CONNECTION = "connection";
    private static final String TLS = "TLS";
    private static final String CLOCK = "clock";
    private static final String LIMITS = "limits";
    private static final String TOKEN = "token";
    private static final String BOOK = "book";
    private static final String QUEUE = "queue";

    /** Tokens are checked by the clock, often with a minute of patience. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final Duration SOON = Duration.ofHours(1);
    private static final Duration CERTIFICATE = Duration.ofDays(14);

    private final ServerOptions options;
    private final Progress progress;
    private final List<Finding> findings = new ArrayList<>();

    Examination(ServerOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    List<Finding> run() throws IOException {
        Optional<URI> server = configuration();
        boolean answered = server.isPresent() && connection(server.get());
        Optional<Account> account = server.isPresent() ? token() : Optional.empty();
        Optional<BookHead> head = Optional.empty();
        if (answered && account.isPresent()) {
            head = book();
        } else {
            findings.add(Finding.skipped(BOOK));
        }
        if (account.isPresent()) {
            LocalState local = new LocalState(options.stateDirectory(), account.get());
            findings.addAll(head.isPresent() ? local.against(head.get(), this::client) : local.alone());
            findings.addAll(new KeptFolderState(options.stateDirectory(), account.get()).findings());
        }
        return findings;
    }

    private BookClient client() throws IOException, Complaint {
        return options.client(progress);
    }

    private Optional<URI> configuration() throws IOException {
        try {
            URI server = options.normal(options.server());
            findings.add(Finding.ok(
                    CONFIGURATION,
                    "server " + server
                            + (options.named().isPresent()
                                    ? ", from the configuration file"
                                    : ", from options, environment or the default")));
            return Optional.of(server);
        } catch (Complaint e) {
            findings.add(Finding.bad(
                    CONFIGURATION,
                    String.valueOf(e.getMessage()),
                    "Correct the options, the environment or the configuration file.",
                    ExitCode.USAGE));
            return Optional.empty();
        }
    }

    private boolean connection(URI server) {
        ServerProbe probe;
        try {
            probe = ServerProbe.of(server);
        } catch (ServerUnreachable e) {
            findings.add(Finding.bad(
                    CONNECTION,
                    e.getMessage() + ".",
                    "Check the address, the network, a proxy or firewall, and that the server is running.",
                    ExitCode.UNREACHABLE));
            return false;
        }
        probe.tls().ifPresent(this::tls);
        if (probe.capabilities().isEmpty()) {
            findings.add(Finding.bad(
                    CONNECTION,
                    "What answers at this address, with status " + probe.status()
                            + ", is no contact-sync server, or it is not" + " ready.",
                    "Check the address, and ask the operator whether the server is ready.",
                    ExitCode.REFUSED));
            return false;
        }
        findings.add(Finding.ok(CONNECTION, "answered in " + probe.took().toMillis() + " ms"));
        clock(probe.clock());
        limits(probe.capabilities().get());
        return true;
    }

    private void tls(Tls tls) {
        boolean ends = tls.ends()
                .map(end -> end.isBefore(Instant.now().plus(CERTIFICATE)))
                .orElse(false);
        String text = tls.protocol()
                + tls.ends().map(end -> ", certificate valid until " + end).orElse("");
        findings.add(
                ends
                        ? Finding.warning(TLS, text, "Ask the operator to renew the server's certificate soon.")
                        : Finding.ok(TLS, text));
    }

    private void clock(Optional<Duration> ahead) {
        if (ahead.isEmpty()) {
            findings.add(Finding.ok(CLOCK, "the server does not tell the time"));
            return;
        }
        long seconds = ahead.get().toSeconds();
        if (ahead.get().abs().compareTo(SKEW) <= 0) {
            findings.add(Finding.ok(CLOCK, "the same as the server's, to a minute"));
        } else {
            findings.add(
                    Finding.warning(
                            CLOCK,
                            "this machine's clock is " + Math.abs(seconds) + " s "
                                    + (seconds > 0 ? "behind" : "ahead of") + " the server's",
                            "Set the clock of this machine, or tell the operator if the server's is wrong: tokens are valid by the clock."));
        }
    }

    private void limits(Capabilities said) {
        findings.add(Finding.ok(
                LIMITS,
                said.chunkContacts() + " contacts in a chunk, " + said.oneShotContacts() + " in one request, "
                        + said.chunks() + " chunks in an upload"));
    }

    private Optional<Account> token() throws IOException {
        try {
            Account account = options.account();
            Optional<Instant> ends = account.expires();
            if (ends.isPresent() && ends.get().isBefore(Instant.now())) {
                findings.add(Finding.bad(
                        TOKEN,
                        "it expired at " + ends.get(),
                        "Get a new token: contact-sync login.",
                        ExitCode.UNAUTHORIZED));
            } else if (ends.isPresent() && ends.get().isBefore(Instant.now().plus(SOON))) {
                findings.add(Finding.warning(
                        TOKEN,
                        "it expires at " + ends.get(),
                        "Get a new token before it expires: contact-sync login."));
            } else {
                findings.add(Finding.ok(
                        TOKEN, ends.map(end -> "it expires at " + end).orElse("it does not say when it expires")));
            }
            return Optional.of(account);
        } catch (Complaint e) {
            findings.add(Finding.bad(
                    TOKEN,
                    String.valueOf(e.getMessage()),
                    "Get a token: contact-sync login.",
                    Failure.of(e).exitCode()));
            return Optional.empty();
        }
    }

    private Optional<BookHead> book() throws IOException {
        try {
            BookHead head = client().book();
            findings.add(Finding.ok(
                    BOOK, Counted.contacts(head.count()) + ", seq " + head.seq() + ", check code " + head.checkCode()));
            findings.add(
                    head.waiting() == 0
                            ? Finding.ok(QUEUE, head.running() + " running, 0 waiting")
                            : Finding.warning(
                                    QUEUE,
                                    head.running() + " running, " + head.waiting() + " waiting",
                                    "Wait until the other devices have finished; contact-sync status shows the tasks. If nothing"
                                            + " moves for a quarter of an hour, tell the operator."));
            return Optional.of(head);
        } catch (ServerRefusal e) {
            findings.add(Finding.bad(
                    BOOK,
                    "the server refused: " + e.problem().code() + ", status "
                            + e.problem().status(),
                    e.problem().status() == 401
                            ? "The server does not accept the token. Get a new one: contact-sync login."
                            : "Try again later; if it stays, give the operator the report.",
                    Failure.exitCode(e.problem())));
        } catch (ServerUnreachable e) {
            findings.add(Finding.bad(BOOK, e.getMessage() + ".", "Try again.", ExitCode.UNREACHABLE));
        } catch (Complaint e) {
            findings.add(Finding.bad(BOOK, String.valueOf(e.getMessage()), "Correct it.", ExitCode.USAGE));
        }
        return Optional.empty();
    }
}
