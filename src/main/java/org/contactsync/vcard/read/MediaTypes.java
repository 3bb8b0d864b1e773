package org.contactsync.vcard.read;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Media types by the first bytes of a picture or a sound (WHATWG MIME Sniffing §6), whatever the file says they are. */
final class MediaTypes {
    private static final Map<String, String> BY_BEGINNING = Map.of(
            "\u00ff\u00d8\u00ff", "image/jpeg",
            "\u0089PNG\r\n\u001a\n", "image/png",
            "GIF87a", "image/gif",
            "GIF89a", "image/gif",
            "II*\0", "image/tiff",
            "MM\0*", "image/tiff",
            "OggS\0", "audio/ogg",
            "#!AMR", "audio/amr",
            "ID3", "audio/mpeg");

    /** A container says at an offset of its own what it holds. */
    private static final Map<String, String> RIFF = Map.of("WEBP", "image/webp", "WAVE", "audio/wav");

    private static final Map<String, String> BASE_MEDIA =
            Map.of("heic", "image/heic", "heix", "image/heic", "mif1", "image/heif", "avif", "image/avif");

    private MediaTypes() {}

    /** Empty when the bytes begin like nothing that is known. */
    static Optional<String> sniffed(byte[] data) {
        String beginning = new String(data, 0, Math.min(data.length, 16), StandardCharsets.ISO_8859_1);
        if (beginning.length() >= 12 && beginning.startsWith("RIFF")) {
            return Optional.ofNullable(RIFF.get(beginning.substring(8, 12)));
        }
        if (beginning.length() >= 12 && beginning.startsWith("ftyp", 4)) {
            return Optional.ofNullable(BASE_MEDIA.get(beginning.substring(8, 12)));
        }
        if (beginning.length() >= 14 && beginning.startsWith("BM") && beginning.startsWith("\0\0\0\0", 6)) {
            return Optional.of("image/bmp");
        }
        return BY_BEGINNING.entrySet().stream()
                .filter(type -> beginning.startsWith(type.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
