# The service on Open Liberty. Build it in the project's folder:  docker build -t contact-sync:0.1.0-SNAPSHOT .

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY .mvn .mvn
COPY pom.xml .
COPY docs/protocol.md docs/card-mapping.md docs/
COPY src src
# Makes the server with the application, the resource adapter and the database drivers in target/liberty/wlp.
# Its folder is made for its owner only; in the image another user reads it, and nobody writes it.
RUN mvn -B -DskipTests -Dexternal.broker.skip -Dmaven.javadoc.skip pre-integration-test \
 && rm -rf target/liberty/wlp/usr/servers/*/workarea \
 && chmod -R a+rX,go-w target/liberty/wlp

FROM eclipse-temurin:17-jre-noble
RUN groupadd --gid 10001 contact-sync \
 && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin contact-sync \
 && install -d -o 10001 -g 10001 -m 0770 /var/contact-sync
COPY --from=build /build/target/liberty/wlp /opt/wlp
# All that the server writes goes here and to /tmp; the rest of the file system may be read-only.
ENV WLP_OUTPUT_DIR=/var/contact-sync/output \
    LOG_DIR=/var/contact-sync/logs \
    DATA_DIR=/var/contact-sync/data \
    HTTP_HOST=*
USER 10001:10001
EXPOSE 9080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/wlp/bin/server", "run", "contact-sync"]
