package org.contactsync.client.cli.past;

import java.io.PrintWriter;
import org.contactsync.client.cli.file.CardName;
import org.contactsync.client.cli.terminal.Table;
import org.contactsync.client.cli.terminal.Times;
import org.contactsync.client.remote.HistoryClient.Part;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.json.HistoryJson;
import org.contactsync.protocol.json.JsonWriter;

/** Past versions of contacts, as a person reads them, or a program. */
final class PastVersions {
    private PastVersions() {}

    static void print(PrintWriter out, Part<PastVersion> part) {
        Table table = new Table("ended", "by", "from seq", "until seq", "name", "uid");
        part.items()
                .forEach(version -> table.row(
                        Times.of(version.endedAt()),
                        version.endedBy().map(DeviceId::value).orElse("-"),
                        version.lost() ? "conflict" : version.from(),
                        version.until(),
                        name(version),
                        version.uid()));
        table.print(out);
    }

    /** As the server has it, with the cards. */
    static JsonWriter json(String name, Part<PastVersion> part) {
        JsonWriter json = new JsonWriter().object().name(name).array();
        part.items().forEach(version -> HistoryJson.version(json, version));
        return json.endArray().member("more", part.more()).end();
    }

    private static String name(PastVersion version) {
        String name = CardName.of(version.content().card());
        return name.isEmpty() ? "(no name)" : name;
    }
}
