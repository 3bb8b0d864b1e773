package org.contactsync.client.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CanonicalJson;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.protocol.json.CardJson;
import org.jspecify.annotations.Nullable;

/** The fields in which two cards differ. Pure computation. */
public final class CardDifference {
    private final List<Field> fields = new ArrayList<>();

    private CardDifference() {}

    /**
     * One field.
     *
     * @param path its place in the card: names with slashes between them, as in {@code phones/k1/number} (RFC 6901)
     * @param server what the server's card has there, as JSON; empty: nothing
     * @param file what the card of the file has there, as JSON; empty: nothing
     */
    public record Field(String path, Optional<String> server, Optional<String> file) {}

    /** In the order of their paths; a list is one field. */
    public static List<Field> of(CanonicalCard server, CanonicalCard file) {
        CardDifference difference = new CardDifference();
        difference.compare(
                "", CardJson.parsed(server).root(), CardJson.parsed(file).root());
        return List.copyOf(difference.fields);
    }

    private void compare(String path, Members server, Members file) {
        SortedMap<String, CardValue> all = new TreeMap<>(server.values());
        all.putAll(file.values());
        for (Map.Entry<String, CardValue> each : all.entrySet()) {
            @Nullable CardValue theirs = server.values().get(each.getKey());
            @Nullable CardValue ours = file.values().get(each.getKey());
            String at = path + each.getKey().replace("~", "~0").replace("/", "~1");
            if (theirs instanceof Members before && ours instanceof Members after) {
                compare(at + "/", before, after);
            } else if (theirs == null || !theirs.equals(ours)) {
                fields.add(new Field(at, json(theirs), json(ours)));
            }
        }
    }

    private static Optional<String> json(@Nullable CardValue value) {
        return Optional.ofNullable(value).map(CanonicalJson::write);
    }
}
