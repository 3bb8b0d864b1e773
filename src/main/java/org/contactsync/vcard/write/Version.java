package org.contactsync.vcard.write;

import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.io.text.VCardWriter;
import java.io.IOException;
import java.io.StringWriter;

/** A version of vCard that is written. */
public enum Version {
    /** RFC 2426: what most phones and mail programs read. */
    V3_0(VCardVersion.V3_0),
    /** RFC 6350. */
    V4_0(VCardVersion.V4_0);

    private final VCardVersion version;

    Version(VCardVersion version) {
        this.version = version;
    }

    /** @param vcard with the properties of version 4.0; they may be changed */
    String text(VCard vcard) {
        if (this == V3_0) {
            OldProperties.replaceIn(vcard);
        }
        vcard.setVersion(version);
        StringWriter text = new StringWriter();
        try (VCardWriter out = new VCardWriter(text, version)) {
            out.setAddProdId(false);
            out.setVersionStrict(false);
            out.setCaretEncodingEnabled(true); // RFC 6868: quotes and line breaks in parameters
            out.write(vcard);
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory is written without I/O", e);
        }
        return text.toString();
    }
}
