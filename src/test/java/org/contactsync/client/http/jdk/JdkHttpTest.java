package org.contactsync.client.http.jdk;

import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.http.port.HttpPortContract;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class JdkHttpTest implements HttpPortContract {
    @Override
    public HttpPort http() {
        return JdkHttp.usual();
    }
}
