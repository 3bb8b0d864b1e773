package org.contactsync.client.cli.file;

import java.nio.charset.Charset;
import java.util.Optional;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the charset of a file that does not state its own. */
public final class CharsetOption {
    @Option(
            names = "--charset",
            paramLabel = "NAME",
            description =
                    "The charset of vCards that are not UTF-8 and do not state their charset, such as windows-1251.")
    private @Nullable String name;

    public Optional<Charset> charset() throws Complaint {
        if (name == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException unknown) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "--charset " + name
                            + ": there is no such charset; names are utf-8, windows-1251, gb18030, shift_jis"
                            + " and others.");
        }
    }
}
