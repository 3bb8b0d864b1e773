package org.contactsync.client.cli;

/** A format of {@code export} and {@code import}. */
enum ExportFormat {
    VCARD("text/vcard;version=4.0"),
    VCARD3("text/vcard;version=3.0"),
    JSCONTACT("application/jscontact+json");

    private final String mediaType;

    ExportFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }
}
