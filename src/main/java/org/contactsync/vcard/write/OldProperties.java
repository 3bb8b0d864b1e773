package org.contactsync.vcard.write;

import ezvcard.VCard;
import ezvcard.VCardDataType;
import ezvcard.property.RawProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Properties of a vCard 4.0 as programs that know only 3.0 understand them. */
final class OldProperties {
    private static final Set<String> BINARY = Set.of("PHOTO", "LOGO", "SOUND", "KEY");
    private static final Set<String> DATES = Set.of("BDAY", "ANNIVERSARY", "DEATHDATE");
    private static final Pattern DATA = Pattern.compile("data:[a-z]+/([a-z0-9.+-]+);base64,([A-Za-z0-9+/=]+)");
    private static final Pattern NUMBER = Pattern.compile("tel:([+0-9().-]+)");
    private static final Pattern DATE = Pattern.compile("([0-9]{4})([0-9]{2})([0-9]{2})");
    private static final Pattern DAY = Pattern.compile("--([0-9]{2})([0-9]{2})");

    /** What Apple writes for a year that is not known; it is a leap year. */
    private static final String NO_YEAR = "1604";

    private OldProperties() {}

    static void replaceIn(VCard vcard) {
        List<RawProperty> properties = new ArrayList<>(vcard.getExtendedProperties());
        properties.forEach(vcard::removeProperty);
        properties.forEach(property -> vcard.addProperty(replaced(property)));
        if (properties.stream().noneMatch(property -> isNamed(property, "N"))) {
            vcard.addExtendedProperty("N", ";;;;"); // RFC 2426 §3.1.2: it must be there
        }
    }

    private static RawProperty replaced(RawProperty property) {
        String name = property.getPropertyName().toUpperCase(Locale.ROOT);
        if ("1".equals(property.getParameter("PREF"))) {
            property.removeParameter("PREF");
            property.addParameter("TYPE", "pref");
        }
        if (BINARY.contains(name)) {
            return binary(property);
        }
        if (name.equals("TEL")) {
            property.setDataType(null);
            Matcher number = NUMBER.matcher(property.getValue());
            return number.matches() ? with(property, name, number.group(1)) : property;
        }
        return DATES.contains(name) ? date(property, name) : property;
    }

    private static RawProperty binary(RawProperty property) {
        Matcher data = DATA.matcher(property.getValue());
        if (!data.matches()) {
            property.setDataType(VCardDataType.URI);
            return property;
        }
        RawProperty bytes = with(property, property.getPropertyName(), data.group(2));
        bytes.setParameter("ENCODING", "b");
        bytes.addParameter("TYPE", data.group(1).toUpperCase(Locale.ROOT));
        return bytes;
    }

    /** With hyphens, which version 3.0 allows and most programs expect. */
    private static RawProperty date(RawProperty property, String name) {
        String known = name.equals("ANNIVERSARY") ? "X-ANNIVERSARY" : name;
        Matcher date = DATE.matcher(property.getValue());
        if (date.matches()) {
            return with(property, known, date.group(1) + "-" + date.group(2) + "-" + date.group(3));
        }
        Matcher day = DAY.matcher(property.getValue());
        if (!day.matches()) {
            return property;
        }
        RawProperty whole = with(property, known, NO_YEAR + "-" + day.group(1) + "-" + day.group(2));
        whole.setParameter("X-APPLE-OMIT-YEAR", NO_YEAR);
        return whole;
    }

    private static RawProperty with(RawProperty property, String name, String value) {
        RawProperty other = new RawProperty(name, value, property.getDataType());
        other.setParameters(property.getParameters());
        Optional.ofNullable(property.getGroup()).ifPresent(other::setGroup);
        return other;
    }

    private static boolean isNamed(RawProperty property, String name) {
        return property.getPropertyName().equalsIgnoreCase(name);
    }
}
