package org.contactsync.vcard.read;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import ezvcard.property.Address;
import ezvcard.property.CalendarRequestUri;
import ezvcard.property.CalendarUri;
import ezvcard.property.Email;
import ezvcard.property.FreeBusyUrl;
import ezvcard.property.Impp;
import ezvcard.property.Language;
import ezvcard.property.OrgDirectory;
import ezvcard.property.RawProperty;
import ezvcard.property.Source;
import ezvcard.property.Telephone;
import ezvcard.property.TextProperty;
import ezvcard.property.Url;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.contactsync.contact.CardValue;
import org.contactsync.vcard.value.CardObject;

/** How a contact is reached: phones, e-mail, online services, links, addresses, calendars (RFC 9555 §2.6, §2.7). */
final class ReachMappings {
    /** RFC 9555 §2.7.6; {@code iphone} is what iPhones export beside or instead of {@code cell}. */
    private static final Map<String, String> FEATURES = Map.of(
            "cell", "mobile",
            "iphone", "mobile",
            "voice", "voice",
            "text", "text",
            "video", "video",
            "fax", "fax",
            "pager", "pager",
            "textphone", "textphone",
            "main-number", "main-number");

    /** What vCard 2.1 and 3.0 take for granted of every address (RFC 2426 §3.2.1); {@code dom} is not among them. */
    private static final Set<String> USUAL_ADDRESS_TYPES = Set.of("intl", "postal", "parcel");

    private static final Pattern SIP = Pattern.compile("sips?:", Pattern.CASE_INSENSITIVE);

    private ReachMappings() {}

    static void addTo(MappingTable table) {
        table.add(Telephone.class, ReachMappings::addPhone)
                .add(Email.class, ReachMappings::addEmail)
                .add(Impp.class, ReachMappings::addInstantMessenger)
                .add("X-SIP", ReachMappings::addSip)
                .add("X-SOCIALPROFILE", ReachMappings::addSocialProfile)
                .add("SOCIALPROFILE", ReachMappings::addSocialProfile)
                .add(Url.class, (url, card) -> addResource("links", url, "", card))
                .add("CONTACT-URI", (uri, card) -> addResource("links", uri, "contact", card))
                .add(CalendarUri.class, (uri, card) -> addResource("calendars", uri, "calendar", card))
                .add(FreeBusyUrl.class, (uri, card) -> addResource("calendars", uri, "freeBusy", card))
                .add(CalendarRequestUri.class, (uri, card) -> addResource("schedulingAddresses", uri, "", card))
                .add(Source.class, (uri, card) -> addResource("directories", uri, "entry", card))
                .add(OrgDirectory.class, (uri, card) -> addResource("directories", uri, "directory", card))
                .add(Language.class, ReachMappings::addLanguage)
                .add(Address.class, ReachMappings::addAddress);
    }

    private static boolean addPhone(Telephone property, CardDraft card) {
        String number = property.getUri() == null
                ? property.getText()
                : property.getUri().toString();
        CardObject phone = CardObject.withText("number", number);
        Parameters parameters = new Parameters(property);
        return !phone.isEmpty()
                && card.add("phones", phone.set("features", parameters.takeTypes(FEATURES)), parameters);
    }

    private static boolean addEmail(Email property, CardDraft card) {
        Parameters parameters = new Parameters(property);
        parameters.dropTypes(Set.of("internet")); // every address of RFC 9553 §2.3.1 is one
        return card.add("emails", CardObject.withText("address", property.getValue()), parameters);
    }

    private static boolean addInstantMessenger(Impp property, CardDraft card) {
        if (property.getUri() == null) {
            return false;
        }
        CardObject service = CardObject.withText("uri", property.getUri().toString());
        Parameters parameters = new Parameters(property);
        parameters.take("x-service-type").ifPresent(name -> service.text("service", name));
        parameters.take("service-type").ifPresent(name -> service.text("service", name));
        return card.add("onlineServices", service.text("vCardName", "impp"), parameters);
    }

    /** What Android writes instead of {@code IMPP:sip:} in vCard 2.1, with or without the scheme: the card is the same. */
    private static boolean addSip(RawProperty property, CardDraft card) {
        String address = property.getValue() == null ? "" : VObjectPropertyValues.unescape(property.getValue());
        if (address.isEmpty()) {
            return false;
        }
        boolean hasScheme = SIP.matcher(address).lookingAt();
        CardObject service = CardObject.withText("uri", hasScheme ? address : "sip:" + address);
        return card.add("onlineServices", service.text("vCardName", "impp"), new Parameters(property));
    }

    private static boolean addSocialProfile(RawProperty property, CardDraft card) {
        CardObject service = CardObject.withText("uri", property.getValue());
        Parameters parameters = new Parameters(property);
        parameters.take("service-type").ifPresent(name -> service.text("service", name));
        parameters.take("username").ifPresent(name -> service.text("user", name));
        service.text("vCardName", property.getPropertyName().toLowerCase(Locale.ROOT));
        return service.has("uri") && card.add("onlineServices", service, parameters);
    }

    private static boolean addResource(String key, TextProperty property, String kind, CardDraft card) {
        CardObject resource = CardObject.withText("uri", property.getValue());
        Parameters parameters = new Parameters(property);
        parameters.take("mediatype").ifPresent(type -> resource.text("mediaType", type));
        return resource.has("uri") && card.add(key, resource.text("kind", kind), parameters);
    }

    private static boolean addLanguage(Language property, CardDraft card) {
        CardObject language = CardObject.withText("language", property.getValue());
        return card.add("preferredLanguages", language, new Parameters(property));
    }

    private static boolean addAddress(Address property, CardDraft card) {
        List<CardValue> components = new ArrayList<>();
        addPart(components, "postOfficeBox", property.getPoBoxes());
        addPart(components, "apartment", property.getExtendedAddresses());
        addPart(components, "name", property.getStreetAddresses());
        addPart(components, "locality", property.getLocalities());
        addPart(components, "region", property.getRegions());
        addPart(components, "postcode", property.getPostalCodes());
        addPart(components, "country", property.getCountries());
        CardObject address = new CardObject().list("components", components);
        Parameters parameters = new Parameters(property);
        parameters.take("label").ifPresent(label -> address.text("full", label));
        parameters.take("cc").ifPresent(code -> address.text("countryCode", code));
        parameters.take("geo").ifPresent(place -> address.text("coordinates", place));
        parameters.take("tz").ifPresent(zone -> address.text("timeZone", zone));
        parameters.dropTypes(USUAL_ADDRESS_TYPES);
        return card.add("addresses", address, parameters);
    }

    private static void addPart(List<CardValue> components, String kind, List<String> values) {
        for (String value : values) {
            CardObject component = CardObject.withText("value", value);
            if (!component.isEmpty()) {
                components.add(component.text("kind", kind).toMembers());
            }
        }
    }
}
