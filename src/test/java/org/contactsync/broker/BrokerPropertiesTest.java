package org.contactsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.settings.HierarchicalRepository;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.HierarchicalObjectRepository;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The settings that are shipped for an external broker are understood by Artemis, and are those of the embedded one. */
class BrokerPropertiesTest {
    private static final String REPLIES = "contacts.reply.instance-1";
    private static final Configuration SHIPPED = new ConfigurationImpl();
    private static final Configuration EMBEDDED = EmbeddedBroker.configuration(0);

    /** Artemis starts with settings that it does not understand, and says so only in its status. */
    @BeforeAll
    static void readThem() throws Exception {
        ((ConfigurationImpl) SHIPPED).parseFileProperties(new File("k8s/broker/contact-sync.properties"));
        assertThat(SHIPPED.getStatus()).contains("\"errors\":[]");
    }

    @Test
    void theQueueOfWorkIsGroupedInTheSameWay() {
        QueueConfiguration shipped = queue(SHIPPED, EmbeddedBroker.SYNC_ADDRESS);
        QueueConfiguration embedded = queue(EMBEDDED, EmbeddedBroker.SYNC_ADDRESS);
        assertThat(shipped.isGroupRebalance()).isEqualTo(embedded.isGroupRebalance());
        assertThat(shipped.isGroupRebalancePauseDispatch()).isEqualTo(embedded.isGroupRebalancePauseDispatch());
        assertThat(shipped.getGroupBuckets()).isEqualTo(embedded.getGroupBuckets());
        assertThat(shipped.getRoutingType()).isEqualTo(embedded.getRoutingType());
        assertThat(queue(SHIPPED, EmbeddedBroker.DEAD_LETTER_ADDRESS).getRoutingType())
                .isEqualTo(embedded.getRoutingType());
    }

    @Test
    void messagesAreRedeliveredAndRefusedInTheSameWay() {
        for (String address : Set.of(EmbeddedBroker.SYNC_ADDRESS, REPLIES)) {
            assertSame(address, AddressSettings::getMaxDeliveryAttempts);
            assertSame(address, AddressSettings::getRedeliveryDelay);
            assertSame(address, AddressSettings::getDeadLetterAddress);
            assertSame(address, AddressSettings::getDefaultAddressRoutingType);
            assertSame(address, AddressSettings::getDefaultQueueRoutingType);
        }
        assertSame(REPLIES, AddressSettings::getMaxSizeBytes);
        assertSame(REPLIES, AddressSettings::isAutoCreateQueues);
        assertSame(REPLIES, AddressSettings::isAutoDeleteQueues);
        assertSame(REPLIES, AddressSettings::getAutoDeleteQueuesDelay);
        assertThat(settings(SHIPPED, EmbeddedBroker.SYNC_ADDRESS).getMaxSizeBytes())
                .isGreaterThanOrEqualTo(
                        settings(EMBEDDED, EmbeddedBroker.SYNC_ADDRESS).getMaxSizeBytes());
    }

    /** Many instances may fill an external broker, and wait for its yes: neither their threads nor messages are held. */
    @Test
    void anAddressThatIsFullRefuses() {
        assertThat(settings(SHIPPED, EmbeddedBroker.SYNC_ADDRESS).getAddressFullMessagePolicy())
                .isEqualTo(AddressFullMessagePolicy.FAIL);
        assertThat(settings(SHIPPED, REPLIES).getAddressFullMessagePolicy()).isEqualTo(AddressFullMessagePolicy.FAIL);
    }

    /** An answer that a dead instance left behind must not keep its queue. */
    @Test
    void aQueueOfAnswersIsRemovedWithWhatIsInIt() {
        assertThat(settings(SHIPPED, REPLIES).getAutoDeleteQueuesMessageCount()).isEqualTo(-1);
    }

    @Test
    void theServiceMayNotDoMoreThanItDoes() {
        Map<String, Set<Role>> roles = SHIPPED.getSecurityRoles();
        assertThat(roles.keySet()).containsExactlyInAnyOrder("contacts.sync", "contacts.reply.#", "contacts.changed");
        Role work = role(roles.get("contacts.sync"));
        assertThat(work.isSend() && work.isConsume()).isTrue();
        assertThat(work.isManage() || work.isDeleteAddress() || work.isDeleteDurableQueue() || work.isCreateAddress())
                .isFalse();
        assertThat(role(roles.get("contacts.reply.#")).isManage()).isFalse();
        Role changed = role(roles.get("contacts.changed"));
        assertThat(changed.isSend() && changed.isConsume() && changed.isCreateNonDurableQueue())
                .isTrue();
        assertThat(changed.isManage() || changed.isCreateAddress() || changed.isCreateDurableQueue())
                .isFalse();
    }

    /** What has changed is told to all, and loses what is too much: nobody who commits may wait for it. */
    @Test
    void changesAreToldToAllAndHoldUpNobody() {
        for (Configuration configuration : Set.of(SHIPPED, EMBEDDED)) {
            assertThat(configuration.getAddressConfigurations())
                    .filteredOn(address -> address.getName().equals(EmbeddedBroker.CHANGED_ADDRESS))
                    .singleElement()
                    .satisfies(address -> assertThat(address.getRoutingTypes()).containsExactly(RoutingType.MULTICAST));
        }
        assertThat(settings(SHIPPED, EmbeddedBroker.CHANGED_ADDRESS).getAddressFullMessagePolicy())
                .isEqualTo(AddressFullMessagePolicy.DROP);
        assertSame(EmbeddedBroker.CHANGED_ADDRESS, AddressSettings::getAddressFullMessagePolicy);
        assertSame(EmbeddedBroker.CHANGED_ADDRESS, AddressSettings::getMaxSizeBytes);
        assertSame(EmbeddedBroker.CHANGED_ADDRESS, AddressSettings::getDefaultQueueRoutingType);
        assertSame(EmbeddedBroker.CHANGED_ADDRESS, AddressSettings::isAutoCreateQueues);
    }

    private static Role role(@org.jspecify.annotations.Nullable Set<Role> roles) {
        return Objects.requireNonNull(roles).iterator().next();
    }

    private static void assertSame(String address, Function<AddressSettings, Object> setting) {
        assertThat(setting.apply(settings(SHIPPED, address)))
                .as(address)
                .isEqualTo(setting.apply(settings(EMBEDDED, address)));
    }

    private static AddressSettings settings(Configuration configuration, String address) {
        HierarchicalRepository<AddressSettings> repository =
                new HierarchicalObjectRepository<>(configuration.getWildcardConfiguration());
        repository.setDefault(new AddressSettings());
        configuration.getAddressSettings().forEach(repository::addMatch);
        return repository.getMatch(address);
    }

    private static QueueConfiguration queue(Configuration configuration, String name) {
        return Objects.requireNonNull(configuration.getAddressConfigurations().stream()
                .flatMap(address -> address.getQueueConfigs().stream())
                .collect(Collectors.toMap(queue -> queue.getName().toString(), Function.identity()))
                .get(name));
    }
}
