package org.contactsync.client.cli.setup;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts the program in place. */
@Command(
        name = "install",
        description = {
            "Installs this program for you: into ~/.local/bin, with its manual pages and the completion of bash and zsh.",
            "",
            "It can be run again, also by a newer version."
        },
        mixinStandardHelpOptions = true)
public final class InstallCommand implements Callable<Integer> {
    private static final String NAME = "contact-sync";
    private static final Path SCRIPT = Path.of("bin", NAME);
    private static final Path JAR = Path.of("lib", "contact-sync-cli.jar");

    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--prefix", paramLabel = "DIR", description = "Where to install; default: ~/.local.")
    private @Nullable Path prefix;

    public InstallCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() throws IOException, Complaint {
        Path from = unpacked();
        Path to = (prefix == null ? home().resolve(".local") : prefix)
                .toAbsolutePath()
                .normalize();
        Path share = to.resolve("share");
        Path home = share.resolve(NAME);
        Path link = to.resolve(SCRIPT);
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
            throw new Complaint(
                    ExitCode.FAILED, link + " is there already and was not installed by this command. Move it away.");
        }
        if (!home.equals(from)) {
            for (Path file : List.of(JAR, SCRIPT)) {
                copy(from.resolve(file), home.resolve(file));
            }
        }
        link(link, home.resolve(SCRIPT));
        ManualCommand.writeAll(spec.root(), share.resolve("man").resolve("man1"));
        write(
                share.resolve("bash-completion").resolve("completions").resolve(NAME),
                CompletionCommand.script(spec, CompletionCommand.Shell.BASH));
        write(
                share.resolve("zsh").resolve("site-functions").resolve("_" + NAME),
                "#compdef " + NAME + "\n" + CompletionCommand.script(spec, CompletionCommand.Shell.ZSH));
        PrintWriter out = spec.commandLine().getOut();
        out.println("Installed " + SafeText.line(link.toString()) + ".");
        if (!isOnPath(parent(link))) {
            out.println("Add it to your PATH: export PATH=\""
                    + SafeText.line(parent(link).toString()) + ":$PATH\"");
        }
        return ExitCode.OK;
    }

    private Path home() {
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
    }

    /** The folder with bin and lib that this program runs from. */
    private static Path unpacked() throws Complaint {
        try {
            Path jar = Path.of(InstallCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path home = jar.resolve("..").resolve("..").normalize();
            if (jar.endsWith(JAR) && Files.isRegularFile(home.resolve(SCRIPT))) {
                return home.toRealPath();
            }
        } catch (URISyntaxException | IOException e) {
            // as below
        }
        throw new Complaint(
                ExitCode.FAILED,
                "This program does not run from its archive: unpack contact-sync-cli.tar.gz and run bin/contact-sync install.");
    }

    /** The program may be running from the file that is replaced. */
    private static void copy(Path from, Path to) throws IOException {
        Path unfinished = to.resolveSibling(to.getFileName() + ".new");
        Files.createDirectories(parent(to));
        Files.copy(from, unfinished, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(unfinished, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void link(Path link, Path target) throws IOException {
        Path folder = parent(link);
        Files.createDirectories(folder);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, folder.relativize(target));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(parent(file));
        Files.writeString(file, text + "\n");
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.getParent(), "file: below the prefix");
    }

    private boolean isOnPath(Path folder) {
        return List.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .contains(folder.toString());
    }
}
