package org.contactsync.client.event;

import okhttp3.OkHttpClient;
import org.contactsync.client.http.okhttp.OkHttp;
import org.contactsync.client.http.port.HttpPort;

/** Protocol 4.15, over the HTTP of Android. */
class EventStreamOverOkHttpTest extends EventStreamTest {
    @Override
    HttpPort http() {
        return new OkHttp(new OkHttpClient());
    }
}
