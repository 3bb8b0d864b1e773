package org.contactsync.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;

/** The type of a setting's value. */
sealed interface SettingType {
    /**
     * Parses a text.
     *
     * @throws IllegalArgumentException if the text is not a valid value; {@link #expected} describes valid ones
     */
    Object parse(String text);

    /** Describes valid values, in words that follow "must be" and appear in the documentation. */
    String expected();

    /** Whether an empty text is a valid value. */
    default boolean mayBeEmpty() {
        return false;
    }

    /** Whether its text may be shown. */
    default boolean isPublic() {
        return true;
    }

    /** A text of a certain form. */
    record Text(Pattern form, String expected) implements SettingType {
        private static final int MOST_LETTERS = 2_000;

        static Text of(String form, String expected) {
            return new Text(Pattern.compile(form), expected);
        }

        /** Any text of one line. */
        static Text any(String expected) {
            return of("[^\\p{Cntrl}]*\\S[^\\p{Cntrl}]*", expected);
        }

        @Override
        public String parse(String text) {
            if (text.length() > MOST_LETTERS || !form.matcher(text).matches()) {
                throw new IllegalArgumentException(expected);
            }
            return text;
        }
    }

    /** A secret text, never shown; may be empty. */
    record Secret() implements SettingType {
        @Override
        public String parse(String text) {
            return text;
        }

        @Override
        public String expected() {
            return "a password";
        }

        @Override
        public boolean mayBeEmpty() {
            return true;
        }

        @Override
        public boolean isPublic() {
            return false;
        }
    }

    /** A secret of one line, never shown. A file that was made with a line break at its end would be another secret. */
    record Key() implements SettingType {
        @Override
        public String parse(String text) {
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(expected());
            }
            return text;
        }

        @Override
        public String expected() {
            return "a key without a line break, not even at its end";
        }

        @Override
        public boolean isPublic() {
            return false;
        }
    }

    /** The name of a key; not shown in faults, because its secret may have been put in its place. */
    record KeyId() implements SettingType {
        private static final Pattern FORM = Pattern.compile("[!-~&&[^/,]]{1,128}");

        @Override
        public String parse(String text) {
            if (!FORM.matcher(text).matches()) {
                throw new IllegalArgumentException(expected());
            }
            return text;
        }

        @Override
        public String expected() {
            return "printable ASCII characters without / and ,";
        }

        @Override
        public boolean isPublic() {
            return false;
        }
    }

    /** A whole number. */
    record Count(long least, long most) implements SettingType {
        @Override
        public Long parse(String text) {
            if (!text.matches("-?[0-9]{1,18}")) {
                throw new IllegalArgumentException(expected());
            }
            long value = Long.parseLong(text);
            if (value < least || value > most) {
                throw new IllegalArgumentException(expected());
            }
            return value;
        }

        @Override
        public String expected() {
            return "a whole number from " + least + " to " + most;
        }
    }

    /** An ISO 8601 duration. */
    record Time(Duration least, Duration most) implements SettingType {
        @Override
        public Duration parse(String text) {
            try {
                Duration value = Duration.parse(text);
                if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                    throw new IllegalArgumentException(expected());
                }
                return value;
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(expected(), e);
            }
        }

        @Override
        public String expected() {
            return "a duration from " + text(least) + " to " + text(most);
        }

        /** Whole days as days: {@code P7D}, not {@code PT168H}. */
        private static String text(Duration duration) {
            return duration.toDays() > 0 && duration.equals(Duration.ofDays(duration.toDays()))
                    ? "P" + duration.toDays() + "D"
                    : duration.toString();
        }
    }

    /** {@code true} or {@code false}. */
    record Flag() implements SettingType {
        @Override
        public Boolean parse(String text) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException(expected());
            };
        }

        @Override
        public String expected() {
            return "true or false";
        }
    }

    /** One of a few words. */
    record OneOf(List<String> words) implements SettingType {
        static OneOf of(String... words) {
            return new OneOf(List.of(words));
        }

        @Override
        public String parse(String text) {
            if (!words.contains(text)) {
                throw new IllegalArgumentException(expected());
            }
            return text;
        }

        @Override
        public String expected() {
            int last = words.size() - 1;
            return (words.size() > 2 ? "one of " : "") + String.join(", ", words.subList(0, last)) + " or "
                    + words.get(last);
        }
    }

    /** An absolute path of a file or a directory. */
    record File() implements SettingType {
        @Override
        public Path parse(String text) {
            Path path = Path.of(text);
            // In the embedded database's URL a semicolon ends the path.
            if (!path.isAbsolute() || text.indexOf(';') >= 0) {
                throw new IllegalArgumentException(expected());
            }
            return path.normalize();
        }

        @Override
        public String expected() {
            return "an absolute path without a semicolon";
        }
    }

    /** The address of a store: a host, and nothing behind it. */
    record StoreAddress() implements SettingType {
        private static final int MOST_PORT = 65_535;

        @Override
        public URI parse(String text) {
            URI address = URI.create(text);
            if (address.getHost() == null || address.getPort() == 0 || address.getPort() > MOST_PORT) {
                throw new IllegalArgumentException(expected());
            }
            boolean known = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            boolean bare = address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null
                    && (address.getRawPath().isEmpty() || "/".equals(address.getRawPath()));
            if (!known || !bare) {
                throw new IllegalArgumentException(expected());
            }
            return address;
        }

        @Override
        public String expected() {
            return "an https address with a host, and perhaps a port";
        }

        @Override
        public boolean isPublic() {
            // It may have a password where none belongs.
            return false;
        }
    }

    /** The address of keys: encrypted, or on this machine. */
    record KeyAddress() implements SettingType {
        @Override
        public URI parse(String text) {
            URI address = URI.create(text);
            boolean encrypted = "https".equals(address.getScheme());
            boolean local = "http".equals(address.getScheme()) && Loopback.is(address.getHost());
            if (address.getHost() == null || !(encrypted || local)) {
                throw new IllegalArgumentException(expected());
            }
            return address;
        }

        @Override
        public String expected() {
            return "an http or https address, http on this machine only";
        }
    }
}
