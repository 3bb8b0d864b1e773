package org.contactsync.client.cli.login;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.contactsync.client.cli.server.NamedAccount;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.server.ServerOptions;
import org.contactsync.client.cli.server.StoredToken;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.Counted;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.cli.terminal.Style;
import org.contactsync.client.http.DevelopmentTokens;
import org.contactsync.client.http.DeviceLogin;
import org.contactsync.client.http.DeviceLogin.Invitation;
import org.contactsync.client.http.Pause;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Signs a person in. */
@Command(
        name = "login",
        description = {
            "Signs you in, and keeps the token for the other commands in a file that only you can read.",
            "",
            "Open the page that it shows in any browser, on any device, and type the code. The account is added to the configuration"
                    + " file if it is not there. With --user it gets a development token instead, which a production server does not"
                    + " issue."
        })
public final class LoginCommand extends ServerCommand {
    private static final String USUAL_NAME = "default";
    private static final String USUAL_SCOPE = "openid offline_access";

    @Option(names = "--issuer", paramLabel = "URL", description = "The OpenID provider that the server trusts.")
    private @Nullable String issuer;

    @Option(
            names = "--client-id",
            paramLabel = "ID",
            description = "The name under which the issuer knows this program.")
    private @Nullable String clientId;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "What to ask the issuer for; default: " + USUAL_SCOPE + ".")
    private @Nullable String scope;

    @Option(names = "--user", paramLabel = "NAME", description = "Get a development token of this user.")
    private @Nullable String user;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        Optional<NamedAccount> known = server().accountToLogIn();
        NamedAccount account = known.isPresent() ? completed(known.get()) : made();
        URI address = server().normal(account.server().orElseThrow());
        StoredToken token = user == null ? signIn(account, address) : development(address, user);
        BookHead book = server().check(address, token.token(), progress());
        server().keep(account, token, known.isEmpty());
        if (isJson()) {
            JsonWriter json = new JsonWriter()
                    .object()
                    .member("account", account.name())
                    .member("server", address.toString())
                    .member("count", book.count());
            token.ends().ifPresent(end -> json.member("ends", end.toString()));
            print(json.end());
        } else {
            out().println("Logged in to " + address + " as account " + account.name() + ": "
                    + Counted.contacts(book.count()) + ".");
        }
        return ExitCode.OK;
    }

    /** Options that say something else than the configuration file would be forgotten at the next command. */
    private NamedAccount completed(NamedAccount account) throws Complaint {
        URI address = ServerOptions.addressOf(account);
        Optional<URI> given = server().serverOption();
        if (given.isPresent() && !server().normal(given.get()).equals(server().normal(address))) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "The account " + account.name() + " is for " + address
                            + ". Log in with another --account NAME, or change the" + " configuration file.");
        }
        return new NamedAccount(
                account.name(),
                Optional.of(address),
                account.device(),
                account.tokenFile(),
                account.tokenCommand(),
                uri(issuer).or(account::issuer),
                Optional.ofNullable(clientId).or(account::clientId),
                Optional.ofNullable(scope).or(account::scope));
    }

    private NamedAccount made() throws Complaint {
        String name = server().accountName().orElse(USUAL_NAME);
        if (!NamedAccount.isName(name)) {
            throw new Complaint(ExitCode.USAGE, "The name of an account has 1 to 64 letters, digits, and . _ -.");
        }
        return new NamedAccount(
                name,
                Optional.of(server().normal(server().addressWithoutAccount())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                uri(issuer),
                Optional.ofNullable(clientId),
                Optional.ofNullable(scope));
    }

    private StoredToken signIn(NamedAccount account, URI address) throws Complaint, ServerUnreachable, ServerRefusal {
        if (account.issuer().isEmpty() || account.clientId().isEmpty()) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "Name the issuer with --issuer and --client-id: the operator of the server knows them. For a server on this"
                            + " machine that issues development tokens, use --user NAME.");
        }
        DeviceLogin login;
        try {
            login = DeviceLogin.at(account.issuer().get(), account.clientId().get());
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
        Invitation invitation = login.begin(account.scope().orElse(USUAL_SCOPE));
        err().println("Open this page in a browser, on any device:");
        err().println("  " + SafeText.line(invitation.pageWithCode().orElse(invitation.page())));
        err().print("and type this code: ");
        SafeWriter.println(err(), Style.STRONG, SafeText.line(invitation.code()));
        return StoredToken.of(
                address,
                login.await(invitation.pending(), Pause.SLEEPING),
                login.tokenEndpoint(),
                account.clientId().get());
    }

    private static StoredToken development(URI address, String user)
            throws Complaint, ServerUnreachable, ServerRefusal {
        String token = DevelopmentTokens.ask(address, user)
                .orElseThrow(() -> new Complaint(
                        ExitCode.REFUSED,
                        "This server does not issue development tokens. Log in with --issuer and --client-id."));
        return new StoredToken(address, token, Optional.<Instant>empty(), Optional.empty());
    }

    private static Optional<URI> uri(@Nullable String text) throws Complaint {
        try {
            return Optional.ofNullable(text).map(URI::create);
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, "The issuer has to look like https://id.example.com.");
        }
    }
}
