# syntax=docker/dockerfile:1
FROM node:24-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/bundle.mjs scripts/
COPY src src
COPY streams streams
RUN node scripts/bundle.mjs && npm prune --omit=dev --no-audit --no-fund

FROM node:24-alpine
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/src/observe/page src/observe/page
# A number, so that Kubernetes can verify that it is not root. Any other user id works too.
USER 1000:1000
# All addresses of the container, IPv4 and IPv6.
ENV HTTP_HOST=::
EXPOSE 9464
# Kubernetes ignores this and uses its own probes.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT || 9464}/live`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The exec form, so that the worker receives SIGTERM. The other options limit memory and CPU time: see docs/performance.md.
ENTRYPOINT ["node", "--max-semi-space-size=4", "--no-parallel-scavenge", "--heap-growing-percent=90", "dist/src/main.js"]
