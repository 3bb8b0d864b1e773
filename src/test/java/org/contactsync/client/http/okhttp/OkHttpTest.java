package org.contactsync.client.http.okhttp;

import okhttp3.OkHttpClient;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.http.port.HttpPortContract;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OkHttpTest implements HttpPortContract {
    @Override
    public HttpPort http() {
        return new OkHttp(new OkHttpClient());
    }
}
