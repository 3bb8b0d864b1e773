package org.contactsync.vcard.value;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import ezvcard.VCardDataType;
import ezvcard.VCardVersion;
import ezvcard.io.ParseContext;
import ezvcard.io.scribe.VCardPropertyScribe;
import ezvcard.io.text.WriteContext;
import ezvcard.parameter.VCardParameters;
import ezvcard.property.VCardProperty;
import java.util.ArrayList;
import java.util.List;

/**
 * The N property with all its components and all values of each. ez-vcard's own class keeps one surname, one given name
 * and none of the components that RFC 9554 §2.2 added.
 */
public final class NameParts extends VCardProperty {
    private final List<List<String>> components;

    private NameParts(List<List<String>> components) {
        this.components = components.stream().map(List::copyOf).toList();
    }

    /** Surnames, given names, additional names, prefixes, suffixes, second surnames, generations; there may be fewer. */
    public List<List<String>> components() {
        return components;
    }

    /** Teaches ez-vcard's reader to answer this class for N. */
    public static final class Scribe extends VCardPropertyScribe<NameParts> {
        public Scribe() {
            super(NameParts.class, "N");
        }

        @Override
        protected VCardDataType _defaultDataType(VCardVersion version) {
            return VCardDataType.TEXT;
        }

        @Override
        protected String _writeText(NameParts property, WriteContext context) {
            return VObjectPropertyValues.writeStructured(property.components(), false);
        }

        @Override
        protected NameParts _parseText(
                String value, VCardDataType dataType, VCardParameters parameters, ParseContext context) {
            if (context.getVersion() == VCardVersion.V2_1) {
                // vCard 2.1 has no lists within a component: a comma is part of the name.
                List<List<String>> components = new ArrayList<>();
                VObjectPropertyValues.parseSemiStructured(value).forEach(part -> components.add(List.of(part)));
                return new NameParts(components);
            }
            return new NameParts(VObjectPropertyValues.parseStructured(value));
        }
    }
}
