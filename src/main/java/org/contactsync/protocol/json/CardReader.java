package org.contactsync.protocol.json;

import jakarta.json.stream.JsonParser.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CanonicalJson;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Int;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.contact.Flaw;

/** Reads one card and reports every rule it breaks, with the JSON pointer of the place. For one thread at a time. */
final class CardReader {
    /** 2^53 - 1 has 16 digits; a sign makes 17. */
    private static final int MAX_INTEGER_CHARACTERS = 17;

    /** A path of JSContact has under 100 characters. Bounds the work per value and the answer: keys may be very long. */
    private static final int MAX_POINTER_CHARACTERS = 1_000;

    /** A comma and at least one character; the first item has no comma, which its array's brackets make up for. */
    private static final int ITEM_BYTES = 2;

    /** Beside the characters of its name: quotes, a colon, a comma and at least one character. */
    private static final int MEMBER_BYTES = 5;

    private final StrictJson json;
    private final BiConsumer<String, Flaw> flaws;
    private boolean flawed;

    /** What the values that were read need at least as canonical bytes. Beyond the limit they are checked and not kept. */
    private long leastBytes;

    /** @param flaws told the JSON pointer, at most 1,000 characters after that of the card, and the rule broken there */
    CardReader(StrictJson json, BiConsumer<String, Flaw> flaws) {
        this.json = json;
        this.flaws = flaws;
    }

    /**
     * Reads the card whose {@code START_OBJECT} was just seen.
     *
     * @return the canonical card; empty when a flaw was reported. The card has been read to its end either way.
     */
    Optional<CanonicalCard> read(String pointer) {
        return readCard(pointer).flatMap(card -> canonical(pointer, card));
    }

    private Optional<CanonicalCard> canonical(String pointer, Card card) {
        byte[] utf8 = CanonicalJson.write(card.root()).getBytes(StandardCharsets.UTF_8);
        if (utf8.length > CardProfile.MAX_CARD_BYTES) {
            addFlaw(pointer, CardProfile.tooLarge(utf8.length));
            return Optional.empty();
        }
        return Optional.of(CanonicalCard.ofTrusted(utf8));
    }

    /** The same card with its values. */
    Optional<Card> readCard(String pointer) {
        flawed = false;
        leastBytes = 0;
        Members root = members(pointer, 1);
        if (root.values().containsKey("uid")) {
            addFlaw(pointer + "/uid", CardProfile.uidInCard());
        }
        return checked(pointer, root);
    }

    /**
     * A card as it is in files (RFC 9553), with its uid in it.
     *
     * @param uid empty if it has none
     */
    record Named(Optional<String> uid, Card values, CanonicalCard card) {}

    /** As {@link #read}, of a card with its uid in it. */
    Optional<Named> readNamed(String pointer) {
        flawed = false;
        leastBytes = 0;
        SortedMap<String, CardValue> members = new TreeMap<>(members(pointer, 1).values());
        CardValue uid = members.remove("uid");
        Optional<String> text = uid instanceof Text found ? Optional.of(found.value()) : Optional.empty();
        if (uid != null && text.isEmpty()) {
            addFlaw(pointer + "/uid", new Flaw("wrong-type", "a string is expected"));
        }
        text.flatMap(CardProfile::uidFlaw).ifPresent(flaw -> addFlaw(pointer + "/uid", flaw));
        CardValue type = members.get("@type");
        if (type != null && !type.equals(new Text("Card"))) {
            addFlaw(pointer + "/@type", new Flaw("wrong-type", "it is no Card of JSContact"));
        }
        return checked(pointer, new Members(members))
                .flatMap(card -> canonical(pointer, card).map(bytes -> new Named(text, card, bytes)));
    }

    private Optional<Card> checked(String pointer, Members root) {
        if (flawed) {
            return Optional.empty();
        }
        if (leastBytes > CardProfile.MAX_CARD_BYTES) {
            addFlaw(pointer, CardProfile.muchTooLarge(leastBytes));
            return Optional.empty();
        }
        return Optional.of(new Card(root));
    }

    private Members members(String pointer, int depth) {
        SortedMap<String, CardValue> members = new TreeMap<>();
        for (Event event = json.next(); event != Event.END_OBJECT; event = json.next()) {
            String key = json.text();
            String at = below(pointer, escape(key));
            boolean keyIsGood = check(CardProfile.keyFlaw(key), pointer);
            Optional<CardValue> value = value(json.next(), keyIsGood ? at : pointer, depth);
            if (value.isPresent()
                    && keyIsGood
                    && fits(key.length() + MEMBER_BYTES)
                    && members.put(key, value.get()) != null) {
                addFlaw(at, CardProfile.duplicateKey());
            }
        }
        return new Members(members);
    }

    private Items items(String pointer, int depth) {
        List<CardValue> items = new ArrayList<>();
        int index = 0;
        for (Event event = json.next(); event != Event.END_ARRAY; event = json.next()) {
            Optional<CardValue> value = value(event, below(pointer, Integer.toString(index)), depth);
            if (value.isPresent() && fits(ITEM_BYTES)) {
                items.add(value.get());
            }
            index++;
        }
        return new Items(items);
    }

    private Optional<CardValue> value(Event event, String pointer, int depth) {
        switch (event) {
            case START_OBJECT, START_ARRAY -> {
                if (depth >= CardProfile.MAX_DEPTH) {
                    addFlaw(pointer, CardProfile.tooDeep());
                    json.skip(event);
                    return Optional.empty();
                }
                return Optional.of(
                        event == Event.START_OBJECT ? members(pointer, depth + 1) : items(pointer, depth + 1));
            }
            case VALUE_STRING -> {
                String text = json.text();
                return check(CardProfile.textFlaw(text), pointer) && fits(text.length())
                        ? Optional.of(new Text(text))
                        : Optional.empty();
            }
            case VALUE_NUMBER -> {
                return number(json.text(), pointer);
            }
            case VALUE_TRUE -> {
                return Optional.of(new Bool(true));
            }
            case VALUE_FALSE -> {
                return Optional.of(new Bool(false));
            }
            default -> {
                addFlaw(pointer, CardProfile.nullValue());
                return Optional.empty();
            }
        }
    }

    private Optional<CardValue> number(String digits, String pointer) {
        boolean integer = digits.equals("0")
                || digits.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9') && !digits.equals("-0");
        if (!integer) {
            addFlaw(pointer, CardProfile.notAnInteger());
            return Optional.empty();
        }
        if (digits.length() > MAX_INTEGER_CHARACTERS) {
            addFlaw(pointer, CardProfile.integerTooLarge());
            return Optional.empty();
        }
        long value = Long.parseLong(digits);
        return check(CardProfile.integerFlaw(value), pointer) ? Optional.of(new Int(value)) : Optional.empty();
    }

    /** Counts canonical bytes: a value of one byte is an object of 24, so that a body could need many times its own size. */
    private boolean fits(long bytes) {
        leastBytes += bytes;
        return leastBytes <= CardProfile.MAX_CARD_BYTES;
    }

    private boolean check(Optional<Flaw> flaw, String pointer) {
        flaw.ifPresent(found -> addFlaw(pointer, found));
        return flaw.isEmpty();
    }

    private void addFlaw(String pointer, Flaw flaw) {
        flawed = true;
        flaws.accept(pointer, flaw);
    }

    /** The pointer to a member or item; where that would be too long, to what holds it. */
    private static String below(String pointer, String name) {
        return pointer.length() + name.length() < MAX_POINTER_CHARACTERS ? pointer + "/" + name : pointer;
    }

    /** RFC 6901 §3. */
    private static String escape(String key) {
        return key.indexOf('~') < 0 && key.indexOf('/') < 0
                ? key
                : key.replace("~", "~0").replace("/", "~1");
    }
}
