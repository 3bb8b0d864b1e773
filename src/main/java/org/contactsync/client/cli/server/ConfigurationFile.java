package org.contactsync.client.cli.server;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.client.cli.file.ReadableFile;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.state.WholeFile;

/**
 * The configuration file: {@code config} in the folder {@code contact-sync} of {@code $XDG_CONFIG_HOME}, or of {@code ~/.config}.
 *
 * <pre>
 *   account = work
 *
 *   [work]
 *   server = https://contacts.example.com
 *   device = laptop
 *   issuer = https://id.example.com
 *   client-id = contact-sync
 * </pre>
 */
public final class ConfigurationFile {
    private static final int MOST_BYTES = 64 << 10;
    private static final String DEFAULT = "account";
    private static final Set<String> KEYS =
            Set.of("server", "device", "token-file", "token-command", "issuer", "client-id", "scope");

    private final Path path;
    private final Optional<String> preferred;
    private final Map<String, NamedAccount> accounts;

    private ConfigurationFile(Path path, Optional<String> preferred, Map<String, NamedAccount> accounts) {
        this.path = path;
        this.preferred = preferred;
        this.accounts = accounts;
    }

    /** As it is now; without accounts if there is no such file. */
    static ConfigurationFile read(Map<String, String> environment) throws Complaint, IOException {
        Path path = Folders.configuration(environment).resolve("config");
        return Files.exists(path)
                ? parse(path, new String(ReadableFile.read(path, MOST_BYTES, ExitCode.USAGE), StandardCharsets.UTF_8))
                : new ConfigurationFile(path, Optional.empty(), Map.of());
    }

    static ConfigurationFile parse(Path path, String text) throws Complaint {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> section = new LinkedHashMap<>();
        sections.put("", section);
        List<String> lines = text.lines().map(String::strip).toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String place = path + ", line " + (i + 1) + ": ";
            int equals = line.indexOf('=');
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                String name = line.substring(1, line.length() - 1).strip();
                if (!NamedAccount.isName(name)) {
                    throw wrong(place + "the name of an account has 1 to 64 letters, digits, and . _ -.");
                }
                section = new LinkedHashMap<>();
                if (sections.put(name, section) != null) {
                    throw wrong(place + "the account " + name + " occurs twice.");
                }
            } else if (equals > 0) {
                String key = line.substring(0, equals).strip();
                check(place, key, sections.size() == 1);
                if (section.put(key, line.substring(equals + 1).strip()) != null) {
                    throw wrong(place + key + " occurs twice.");
                }
            } else {
                throw wrong(place + "a line is [NAME], KEY = VALUE, or a comment that begins with #.");
            }
        }
        return of(path, sections);
    }

    private static void check(String place, String key, boolean first) throws Complaint {
        if (key.equals("token")) {
            throw wrong(place + "a token does not belong here: use token-file, token-command, or contact-sync login.");
        }
        if (first ? !key.equals(DEFAULT) : !KEYS.contains(key)) {
            throw wrong(place + "unknown key " + key + "; known are "
                    + (first
                            ? DEFAULT
                            : String.join(", ", KEYS.stream().sorted().toList()))
                    + (first ? " and, in the section of an account, more." : "."));
        }
    }

    private static ConfigurationFile of(Path path, Map<String, Map<String, String>> sections) throws Complaint {
        Map<String, NamedAccount> accounts = new LinkedHashMap<>();
        for (Map.Entry<String, Map<String, String>> each : sections.entrySet()) {
            if (!each.getKey().isEmpty()) {
                accounts.put(each.getKey(), account(path, each.getKey(), each.getValue()));
            }
        }
        Optional<String> preferred = Optional.ofNullable(sections.get("")).map(first -> first.get(DEFAULT));
        if (preferred.isPresent() && !accounts.containsKey(preferred.get())) {
            throw wrong(path + ": there is no account " + preferred.get() + ".");
        }
        return new ConfigurationFile(path, preferred, accounts);
    }

    private static NamedAccount account(Path path, String name, Map<String, String> values) throws Complaint {
        try {
            return new NamedAccount(
                    name,
                    Optional.ofNullable(values.get("server")).map(URI::create),
                    Optional.ofNullable(values.get("device")),
                    Optional.ofNullable(values.get("token-file")).map(Folders::inHome),
                    Optional.ofNullable(values.get("token-command")),
                    Optional.ofNullable(values.get("issuer")).map(URI::create),
                    Optional.ofNullable(values.get("client-id")),
                    Optional.ofNullable(values.get("scope")));
        } catch (IllegalArgumentException e) {
            throw wrong(path + ": an address of the account " + name + " does not look like https://example.com.");
        }
    }

    private static Complaint wrong(String text) {
        return new Complaint(ExitCode.USAGE, text);
    }

    public Path path() {
        return path;
    }

    Optional<NamedAccount> account(String name) {
        return Optional.ofNullable(accounts.get(name));
    }

    /** The one that is meant if none is named: the one after {@code account =}, or the only one. */
    Optional<NamedAccount> preferred() {
        return preferred.isPresent()
                ? preferred.flatMap(this::account)
                : accounts.size() == 1 ? accounts.values().stream().findFirst() : Optional.empty();
    }

    /** Adds a section behind the others. */
    void add(NamedAccount account) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("[" + account.name() + "]");
        account.server().ifPresent(value -> lines.add("server = " + value));
        account.device().ifPresent(value -> lines.add("device = " + value));
        account.issuer().ifPresent(value -> lines.add("issuer = " + value));
        account.clientId().ifPresent(value -> lines.add("client-id = " + value));
        account.scope().ifPresent(value -> lines.add("scope = " + value));
        String before = Files.exists(path) ? Files.readString(path) : "";
        String gap = before.isEmpty() ? "" : before.endsWith("\n") ? "\n" : "\n\n";
        Folders.makePrivate(path.toAbsolutePath().getParent());
        WholeFile.write(path, (before + gap + String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
