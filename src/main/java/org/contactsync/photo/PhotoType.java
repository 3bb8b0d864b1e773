package org.contactsync.photo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The formats of pictures that are stored, each known by its first bytes. */
public enum PhotoType {
    JPEG("image/jpeg", "jpg"),
    PNG("image/png", "png"),
    GIF("image/gif", "gif"),
    WEBP("image/webp", "webp");

    /** So many bytes tell every format. */
    public static final int START = 12;

    private static final byte[] JPEG_START = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
    private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int WEBP_NAME = 8;

    private final String mediaType;
    private final String extension;

    PhotoType(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    public String mediaType() {
        return mediaType;
    }

    /** Of names of files, without the dot. */
    public String extension() {
        return extension;
    }

    /** The format of a file that begins with these bytes; empty if it is none of these. */
    public static Optional<PhotoType> of(byte[] start) {
        if (has(start, 0, JPEG_START)) {
            return Optional.of(JPEG);
        }
        if (has(start, 0, PNG_START)) {
            return Optional.of(PNG);
        }
        if (has(start, 0, ascii("GIF87a")) || has(start, 0, ascii("GIF89a"))) {
            return Optional.of(GIF);
        }
        return has(start, 0, ascii("RIFF")) && has(start, WEBP_NAME, ascii("WEBP"))
                ? Optional.of(WEBP)
                : Optional.empty();
    }

    /**
     * The format with that media type.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PhotoType ofMediaType(String mediaType) {
        return Arrays.stream(values())
                .filter(each -> each.mediaType.equals(mediaType))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no format of photos"));
    }

    private static boolean has(byte[] bytes, int at, byte[] wanted) {
        int end = at + wanted.length;
        return bytes.length >= end && Arrays.equals(bytes, at, end, wanted, 0, wanted.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
