package org.contactsync.vcard.read;

import ezvcard.property.RawProperty;
import ezvcard.property.VCardProperty;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds the mapping for a property: by class if ez-vcard knows the property, by name otherwise. */
public final class MappingTable {
    private final Map<Class<?>, PropertyMapping<VCardProperty>> byClass = new HashMap<>();
    private final Map<String, PropertyMapping<RawProperty>> byName = new HashMap<>();

    <P extends VCardProperty> MappingTable add(Class<P> type, PropertyMapping<P> mapping) {
        byClass.put(type, (property, card) -> mapping.map(type.cast(property), card));
        return this;
    }

    MappingTable add(String name, PropertyMapping<RawProperty> mapping) {
        byName.put(name, mapping);
        return this;
    }

    /** The properties that ez-vcard knows. */
    public Set<Class<?>> classes() {
        return Set.copyOf(byClass.keySet());
    }

    /** The others, in capitals. */
    public Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    /** Whether the property found its place in the card. */
    boolean map(VCardProperty property, CardDraft card) {
        if (property instanceof RawProperty raw) {
            PropertyMapping<RawProperty> mapping =
                    byName.get(raw.getPropertyName().toUpperCase(Locale.ROOT));
            return mapping != null && mapping.map(raw, card);
        }
        PropertyMapping<VCardProperty> mapping = byClass.get(property.getClass());
        return mapping != null && mapping.map(property, card);
    }
}
