package org.contactsync.health;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Closes the pooled connections to the broker before the server stops the resource adapter: the adapter would destroy them behind
 * the pool's back, and the pool writes an error and two reports of it at each stop. Thread-safe.
 */
final class BrokerConnections {
    private static final Logger LOG = System.getLogger(BrokerConnections.class.getName());
    private static final String POOL =
            "WebSphere:type=com.ibm.ws.jca.cm.mbean.ConnectionManagerMBean,jndiName=jms/connectionFactory,*";

    private BrokerConnections() {}

    static void close() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            for (ObjectName pool : server.queryNames(new ObjectName(POOL), null)) {
                server.invoke(
                        pool, "purgePoolContents", new Object[] {"immediate"}, new String[] {String.class.getName()});
            }
        } catch (JMException e) {
            LOG.log(Level.DEBUG, "the broker's connections are left to the server");
        }
    }
}
