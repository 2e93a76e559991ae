# Written without a Docker engine at hand, and not run so far. scripts/deploy-files.test.ts holds its paths, commands and variables.
#
#   docker build -t tributary .
#   docker run … tributary node scripts/part.mjs web | worker | migrate

FROM node:22-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# The build checks the types of every file, tests among them, and so needs the packages of the tests too.
FROM node:22-slim AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:22-slim
WORKDIR /app
# a bucket, a source or a collector of traces is reached by TLS
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* && mkdir /data && chown node:node /data
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 MALLOC_ARENA_MAX=2 TRIBUTARY_DATA=/data HOST=0.0.0.0 PORT=3000
COPY --from=packages /app/node_modules ./node_modules
COPY package.json tsconfig.json next.config.ts ./
COPY prisma ./prisma
COPY public ./public
COPY scripts ./scripts
COPY lib ./lib
COPY worker ./worker
COPY cli ./cli
COPY --from=build /app/lib/db/generated ./lib/db/generated
COPY --from=build --chown=node:node /app/.next ./.next
USER node
VOLUME /data
EXPOSE 3000
CMD ["node", "scripts/part.mjs", "web"]
