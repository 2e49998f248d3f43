# syntax=docker/dockerfile:1
# The gateway, packed and installed as from npm. docs/docker.md says how it is run.
FROM node:22-bookworm-slim AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN npm ci --no-audit --no-fund \
  && node scripts/pack.mjs /out \
  && mkdir /opt/gateway \
  && npm install --prefix /opt/gateway --no-audit --no-fund /out/mini-claude-bot-*.tgz

FROM node:22-bookworm-slim
# Claude works with git; the init process reaps what its commands leave.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git tini \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir -p /data /sessions /home/node/.claude \
  && chown node:node /data /sessions /home/node/.claude \
  && chmod 700 /data /sessions /home/node/.claude \
  && ln -s /opt/gateway/node_modules/.bin/mini-claude-bot /usr/local/bin/mini-claude-bot
COPY --from=build /opt/gateway /opt/gateway
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATABASE_PATH=/data/gateway.db \
    BACKUP_DIR=/data/backups \
    METRICS_CACHE_PATH=/data/metrics-cache.json \
    METRICS_PRICES_PATH=/data/prices.json \
    GATEWAY_ARCHIVE_DIR=/data/archives \
    REPORTS_CONFIG_DIR=/data/reports \
    REPORTS_DIR=/data/finished-reports \
    NIRMANA_DIR=/data/nirmana \
    NIRMANA_PERSONA_FILE=/data/nirmana/PERSONA.md \
    AWAY_REPOS_FILE=/data/away-repos.json \
    AWAY_WORKTREE_DIR=/data/away-worktrees \
    GATEWAY_SESSION_DIR=/sessions \
    CLAUDE_CONFIG_DIR=/home/node/.claude
USER node
WORKDIR /data
VOLUME ["/data", "/sessions", "/home/node/.claude"]
EXPOSE 8000
HEALTHCHECK --interval=60s --timeout=60s --start-period=60s --retries=3 \
  CMD ["mini-claude-bot", "service", "watch"]
ENTRYPOINT ["tini", "--"]
CMD ["mini-claude-bot", "start"]
