# FARchat as a container image.
#
#   docker build --tag farchat .                                  the executable; `deno compile` downloads its base binary
#   docker build --tag farchat --build-arg RUNTIME=source .       Deno with the source: npm and Debian are enough
#   docker run --detach --publish 127.0.0.1:8000:8000 --volume farchat:/data --read-only --tmpfs /tmp farchat
#
# Behind a mirror: NODE_IMAGE and RUNTIME_IMAGE name the base images, and the build secret "npmrc" is npm's settings
# (docker build --secret id=npmrc,src=$HOME/.npmrc), which stays out of every layer. A prepared database at
# prepared/farchat.db goes into the image, so that the official text is there at once.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=debian:bookworm-slim
ARG RUNTIME=executable

# The source with what it needs to build and to run.
FROM ${NODE_IMAGE} AS tree
ARG DENO_VERSION=2.9.6
ENV DENO_DIR=/deno DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
WORKDIR /app
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm install --global --no-fund --no-audit "deno@${DENO_VERSION}"
COPY package.json deno.json deno.lock ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    deno install --frozen --quiet
COPY . .
RUN deno task --quiet islands

# dist/farchat: everything in one file.
FROM tree AS compiled
RUN if [ -f prepared/farchat.db ]; then set -- --with-corpus prepared/farchat.db; fi \
    && deno task --quiet build "$@" \
    && dist/farchat version

# Only what running from the source takes: no tools for development, and native files of this system alone.
FROM tree AS pruned
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    rm -rf node_modules && deno install --prod --frozen --quiet \
    && deno cache --quiet main.ts \
    && cp "$(deno eval --no-lock 'console.log(Deno.execPath())')" /usr/local/bin/deno-binary \
    && find node_modules/.deno/onnxruntime-node@*/node_modules/onnxruntime-node/bin/napi-v6 -mindepth 2 -maxdepth 2 \
         -type d ! -path "*/linux/$(node --print process.arch)" -exec rm -rf {} + \
    && rm -rf scripts deploy /deno/npm \
    && chmod -R a+rX /app /deno

FROM ${RUNTIME_IMAGE} AS base
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 farchat \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin farchat \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data

FROM base AS executable
COPY --from=compiled --chmod=0755 /app/dist/farchat /usr/local/lib/farchat/farchat

FROM base AS source
COPY --from=pruned --chmod=0755 /usr/local/bin/deno-binary /usr/local/bin/deno
COPY --from=pruned /deno /deno
COPY --from=pruned /app /app

FROM ${RUNTIME}
COPY --chmod=0755 deploy/docker/farchat /usr/local/bin/farchat
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="FARchat" \
      org.opencontainers.image.description="Answers about the FAR and the DFARS, cited to the paragraph" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
ENV HOST=0.0.0.0 \
    PORT=8000 \
    FARCHAT_DATA=/data \
    HOME=/data \
    ORT_DISABLE_TELEMETRY=1 \
    DENO_NO_UPDATE_CHECK=1
# Fly and Railway mount the volume as root's: there RUN_AS is 0:0, and deploy/docker/farchat gives root away.
ARG RUN_AS=10001:10001
USER ${RUN_AS}
WORKDIR /data
# The one volume is /data. It is not declared with VOLUME: Railway refuses such a Dockerfile, and where nothing is mounted
# a declared volume would be an unnamed one that is easily lost.
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["farchat", "healthcheck"]
ENTRYPOINT ["farchat"]
CMD ["serve"]
