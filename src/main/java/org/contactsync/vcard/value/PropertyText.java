package org.contactsync.vcard.value;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import java.util.List;

/** Values of properties as RFC 6350 §3.4 writes them. */
public final class PropertyText {
    private PropertyText() {}

    /** A text. */
    public static String escaped(String text) {
        return VObjectPropertyValues.escape(text).replace("\n", "\\n");
    }

    /** An address, in which commas and semicolons have their own meaning. */
    public static String uri(String uri) {
        return uri.replace("\\", "\\\\").replace("\n", "\\n");
    }

    /** Components that hold lists. */
    public static String structured(List<List<String>> components) {
        return String.join(";", components.stream().map(PropertyText::list).toList());
    }

    public static String list(List<String> values) {
        return String.join(",", values.stream().map(PropertyText::escaped).toList());
    }

    /** One step of a JSON pointer (RFC 6901). */
    public static String pointer(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** The name that {@link #pointer} was made of. */
    public static String unescapedPointer(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }

    /** Whether a name may stand as a property, a parameter or a group. */
    public static boolean isToken(String name) {
        return name.matches("[A-Za-z0-9-]{1,100}");
    }
}
