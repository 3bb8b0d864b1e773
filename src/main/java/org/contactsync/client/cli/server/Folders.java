package org.contactsync.client.cli.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.contactsync.client.state.WholeFile;
import org.jspecify.annotations.Nullable;

/** Where this program keeps what (XDG Base Directory Specification). */
public final class Folders {
    private static final String NAME = "contact-sync";

    private Folders() {}

    static Path configuration(Map<String, String> environment) {
        return base(environment, "XDG_CONFIG_HOME", Path.of(".config")).resolve(NAME);
    }

    static Path state(Map<String, String> environment) {
        return base(environment, "XDG_STATE_HOME", Path.of(".local", "state")).resolve(NAME);
    }

    public static Path home() {
        return Path.of(System.getProperty("user.home"));
    }

    /** A path that may begin with {@code ~/}, and is below the home directory if it is relative. */
    static Path inHome(String path) {
        return home().resolve(path.startsWith("~/") ? path.substring(2) : path);
    }

    /** Makes a folder of this program, and the one of this program that it is in, for their owner only. */
    static void makePrivate(@Nullable Path folder) throws IOException {
        if (folder == null || Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null && parent.endsWith(NAME)) {
            makePrivate(parent);
        }
        WholeFile.makePrivateDirectory(folder);
    }

    private static Path base(Map<String, String> environment, String variable, Path usual) {
        String xdg = environment.getOrDefault(variable, "");
        return xdg.isEmpty() ? home().resolve(usual) : Path.of(xdg);
    }
}
