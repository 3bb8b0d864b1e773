package org.contactsync.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.FoundContact;

/**
 * Makes contact books that look like real ones: about 700 canonical bytes a contact, names in several scripts. The same seed
 * and size make the same book.
 */
public final class MadeBooks {
    private static final String[] GIVEN = {
        "Ada", "Zoë", "José", "Anna", "Peter", "刘", "Иван", "Łukasz", "Fatima", "Björn", "Chloé", "Mehmet", "Noor",
        "Yuki"
    };
    private static final String[] SURNAMES = {
        "Lovelace",
        "Müller",
        "García",
        "Novák",
        "O'Brien",
        "刚",
        "Петров",
        "Kowalski",
        "Haddad",
        "Åkesson",
        "Dupont",
        "Yılmaz"
    };
    private static final String[] COMPANIES = {
        "Analytical Engines Ltd.", "Bäckerei Sauer", "Northern Rail", "Café \"Olé\""
    };
    private static final String[] CITIES = {"London", "Köln", "Kraków", "Beirut", "Malmö", "上海", "İzmir", "Porto"};
    private static final String NOTE =
            "Met at the conference in autumn; prefers calls before noon.\nLine two of the note, "
                    + "with \"quotes\", a back\\slash and an emoji 😀. ";

    private MadeBooks() {}

    /** Prints the seed, so that a failing run can be repeated. */
    public static long seed() {
        long seed = Long.getLong("madebooks.seed", 1);
        System.out.println("MadeBooks seed " + seed + " (-Dmadebooks.seed=" + seed + ")");
        return seed;
    }

    /** @param size contacts, in the order of their making, each with a uid of its own */
    public static List<FoundContact> contacts(long seed, int size) {
        Random random = new Random(seed);
        List<FoundContact> contacts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Person person = Person.random(random, i);
            contacts.add(new FoundContact(
                    new Uid(person.uid()),
                    CanonicalCard.of(person.card()),
                    "contact " + (i + 1) + " (" + person.full() + ")"));
        }
        return contacts;
    }

    /** The same people as vCards 4.0. Read back they are contacts with the same uids; their cards have more members. */
    public static String vcards(long seed, int size) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(size * 700);
        for (int i = 0; i < size; i++) {
            text.append(Person.random(random, i).vcard());
        }
        return text.toString();
    }

    private record Person(
            String uid,
            String given,
            String surname,
            String mobile,
            String work,
            String mail,
            String company,
            String city) {
        static Person random(Random random, int number) {
            String given = pick(random, GIVEN);
            String surname = pick(random, SURNAMES);
            return new Person(
                    "urn:uuid:" + new UUID(random.nextLong(), random.nextLong()),
                    given,
                    surname,
                    "+44 7700 9" + digits(random, 5),
                    "+49 221 " + digits(random, 7),
                    "person" + number + "@example" + random.nextInt(50) + ".com",
                    pick(random, COMPANIES),
                    pick(random, CITIES));
        }

        String full() {
            return given + " " + surname;
        }

        Card card() {
            return new Card(object(
                    "@type", text("Card"),
                    "version", text("1.0"),
                    "name",
                            object(
                                    "full",
                                    text(full()),
                                    "components",
                                    new Items(List.of(
                                            object("kind", text("given"), "value", text(given)),
                                            object("kind", text("surname"), "value", text(surname))))),
                    "phones",
                            object(
                                    "k1",
                                            object(
                                                    "number", text(mobile),
                                                    "features", object("mobile", new Bool(true))),
                                    "k2",
                                            object(
                                                    "number", text(work),
                                                    "contexts", object("work", new Bool(true)))),
                    "emails", object("k1", object("address", text(mail))),
                    "organizations", object("k1", object("name", text(company))),
                    "addresses",
                            object(
                                    "k1",
                                    object(
                                            "components",
                                            new Items(List.of(
                                                    object("kind", text("name"), "value", text("12 High Street")),
                                                    object("kind", text("locality"), "value", text(city)))))),
                    "notes", object("k1", object("note", text(NOTE)))));
        }

        String vcard() {
            String note = NOTE.replace("\\", "\\\\")
                    .replace("\n", "\\n")
                    .replace(";", "\\;")
                    .replace(",", "\\,");
            return String.join(
                    "\r\n",
                    "BEGIN:VCARD",
                    "VERSION:4.0",
                    "UID:" + uid,
                    "FN:" + full(),
                    "N:" + surname + ";" + given + ";;;",
                    "TEL;TYPE=cell:" + mobile,
                    "TEL;TYPE=work:" + work,
                    "EMAIL:" + mail,
                    "ORG:" + company,
                    "ADR:;;12 High Street;" + city + ";;;",
                    "NOTE:" + note,
                    "END:VCARD",
                    "");
        }

        private static String pick(Random random, String[] from) {
            return from[random.nextInt(from.length)];
        }

        private static String digits(Random random, int count) {
            return random.ints(count, 0, 10).mapToObj(Integer::toString).reduce("", String::concat);
        }

        private static Text text(String value) {
            return new Text(value);
        }

        private static Members object(Object... namesAndValues) {
            TreeMap<String, CardValue> members = new TreeMap<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                members.put((String) namesAndValues[i], (CardValue) namesAndValues[i + 1]);
            }
            return new Members(members);
        }
    }
}
