package org.contactsync.exchange;

/** A file of the archive of an account. Photos are files of their own beside these. */
public enum ArchivedFile {
    /** The book, as JSContact. */
    CONTACTS("contacts.json", FileFormat.JSCONTACT.mediaType()),
    /** The book once more, as vCards. */
    VCARDS("contacts.vcf", FileFormat.VCARD_4.mediaType()),
    /** The last versions of deleted contacts. */
    TRASH("trash.json"),
    /** All versions of all contacts, those of the trash too. */
    VERSIONS("versions.json"),
    /** Cards that lost a conflict. */
    LOST("lost.json"),
    DEVICES("devices.json"),
    /** The tasks that changed the book. */
    HISTORY("history.json");

    private final String path;
    private final String mediaType;

    ArchivedFile(String path) {
        this(path, "application/json");
    }

    ArchivedFile(String path, String mediaType) {
        this.path = path;
        this.mediaType = mediaType;
    }

    /** Its name in the archive. */
    public String path() {
        return path;
    }

    String mediaType() {
        return mediaType;
    }

    /** Of its contacts; anything else is a list as in JSContact. */
    FileFormat format() {
        return this == VCARDS ? FileFormat.VCARD_4 : FileFormat.JSCONTACT;
    }
}
