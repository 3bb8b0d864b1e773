package org.contactsync.client.cli;

import jakarta.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.contactsync.client.FakeServer;
import org.contactsync.protocol.json.BoundedJson;

/** Runs commands in this process, as a person with a terminal does not: nobody can be asked. For one thread at a time. */
final class CommandRun {
    private final Map<String, String> environment = new TreeMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    CommandRun(FakeServer server, Path directory) {
        environment.put("CONTACT_SYNC_TOKEN", server.account().token());
        environment.put("CONTACT_SYNC_SERVER", server.account().server().toString());
        environment.put("XDG_STATE_HOME", directory.resolve("state").toString());
        environment.put("XDG_CONFIG_HOME", directory.resolve("config").toString());
    }

    Map<String, String> environment() {
        return environment;
    }

    /** @return the exit code */
    int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return ContactSync.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    /** What the last run printed. */
    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    /** What the last run printed, which is one line of JSON. */
    JsonObject json() {
        if (out.toString().lines().count() != 1) {
            throw new AssertionError("one line of JSON: " + out + err);
        }
        return BoundedJson.object(out.toString().getBytes(StandardCharsets.UTF_8));
    }
}
