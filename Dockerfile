# One image for every role: APP_ROLE=web, worker or all.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM build AS pruned
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production APP_ROLE=all PORT=3000
WORKDIR /app
COPY --from=pruned --chown=root:root /app/package.json ./
COPY --from=pruned --chown=root:root /app/node_modules ./node_modules
COPY --from=pruned --chown=root:root /app/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Stops within 25 s of SIGTERM: give it 30 before killing it.
STOPSIGNAL SIGTERM
CMD ["node", "dist/src/main.js"]
