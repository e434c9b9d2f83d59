# All programs of Cooptrack with their schemas and SQL, as they come with the Debian package; docker-compose.yml runs them.
#
#   docker build -t cooptrack:0.1.0 .
#
# BASE names the system; where builds must repeat for ever, give it with its digest: --build-arg BASE=debian:trixie-slim@sha256:…
ARG BASE=debian:trixie-slim

FROM ${BASE} AS build
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        cmake dpkg-dev file gcc libavro-dev libc6-dev libjansson-dev libmicrohttpd-dev libpq-dev librdkafka-dev libssl-dev \
        mawk ninja-build pkg-config tzdata
WORKDIR /src
COPY . .
# Files in the package carry this time, whenever it is built.
ARG SOURCE_DATE_EPOCH=1767225600
RUN cmake --preset package && cmake --build --preset package && cpack --preset package -B /package

FROM ${BASE}
# Lists, logs and the linker's cache differ from build to build, and nobody reads them.
RUN --mount=type=bind,from=build,source=/package,target=/package \
    apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates /package/*.deb \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/* \
        /var/cache/ldconfig/aux-cache

LABEL org.opencontainers.image.title="Cooptrack" \
      org.opencontainers.image.description="Events of cooperation, from Kafka into PostgreSQL, exactly once in effect" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"

# Nobody on the machine, and in no group that owns anything.
USER 10001:10001
WORKDIR /
STOPSIGNAL SIGTERM
# For the consumer; it answers where COOP_LISTEN says.
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --start-interval=1s --retries=3 CMD ["coop-admin", "health"]
CMD ["coop-consumer"]
