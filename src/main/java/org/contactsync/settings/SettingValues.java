package org.contactsync.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The values of all {@link Setting}s, each checked by itself, and the faults that were found. One thread at a time.
 *
 * <p>A wrong value counts as not set, so that the other values can be checked too. Callers must check {@link #faults} before
 * using values.
 */
final class SettingValues {
    private static final int SHOWN = 100;

    private final Map<Setting, Object> values = new EnumMap<>(Setting.class);
    private final Set<Setting> set = EnumSet.noneOf(Setting.class);
    private final Set<Setting> wrong = EnumSet.noneOf(Setting.class);
    private final List<String> faults = new ArrayList<>();

    /** @param texts the values that are set: empty if a setting is not set; may be an empty text */
    SettingValues(Function<Setting, Optional<String>> texts) {
        for (Setting setting : Setting.values()) {
            read(setting, texts.apply(setting));
        }
    }

    private void read(Setting setting, Optional<String> text) {
        Optional<String> otherwise = setting.otherwise();
        if (text.isEmpty() && otherwise.isEmpty()) {
            addFault(setting, "must be set: " + setting.type().expected());
        } else if (text.isPresent() && text.get().isBlank() && !mayBeEmpty(setting)) {
            addFault(setting, "must not be empty");
        } else if (text.isPresent() && !text.get().isBlank()) {
            try {
                values.put(setting, setting.type().parse(text.get()));
                set.add(setting);
                return;
            } catch (IllegalArgumentException e) {
                addFault(setting, "must be " + setting.type().expected() + notBe(setting, text.get()));
            }
        }
        otherwise
                .filter(value -> !value.isEmpty())
                .ifPresent(value -> values.put(setting, setting.type().parse(value)));
    }

    /** The server would use an empty value literally, even if there is a default. */
    private static boolean mayBeEmpty(Setting setting) {
        return setting.type().mayBeEmpty()
                || setting.otherwise().filter(String::isEmpty).isPresent();
    }

    private static String notBe(Setting setting, String text) {
        if (!setting.type().isPublic()) {
            return "";
        }
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return ", not \"" + shown.replaceAll("\\p{Cntrl}", "?") + "\"";
    }

    /** Records a fault that does not concern this value alone. */
    void addFault(Setting setting, String sentence) {
        wrong.add(setting);
        faults.add(setting + " " + sentence);
    }

    /** All faults so far, as sentences that start with the variable's name. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Whether all of them have valid values. */
    boolean right(Setting... settings) {
        return wrong.stream().noneMatch(Set.of(settings)::contains);
    }

    /** Whether it is set, to something other than an empty text. */
    boolean isSet(Setting setting) {
        return set.contains(setting);
    }

    /** The text; empty if there is none. */
    String text(Setting setting) {
        return value(setting, String.class).orElse("");
    }

    int count(Setting setting) {
        return Math.toIntExact(bytes(setting));
    }

    /** A number that may exceed an {@code int}. */
    long bytes(Setting setting) {
        return value(setting, Long.class).orElse(0L);
    }

    boolean flag(Setting setting) {
        return value(setting, Boolean.class).orElse(false);
    }

    Duration time(Setting setting) {
        return value(setting, Duration.class).orElse(Duration.ZERO);
    }

    Optional<Path> file(Setting setting) {
        return value(setting, Path.class);
    }

    Optional<URI> address(Setting setting) {
        return value(setting, URI.class);
    }

    private <T> Optional<T> value(Setting setting, Class<T> type) {
        return Optional.ofNullable(values.get(setting)).map(type::cast);
    }
}
