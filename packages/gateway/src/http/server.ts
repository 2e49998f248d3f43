import type { Client } from '@mini-claude-bot/client';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { AccessTokens } from '../access/access-tokens.ts';
import type { BrowserRules } from '../access/browser-gate.ts';
import type { CallerSockets } from '../access/caller-sockets.ts';
import type { StreamLimit } from '../access/stream-limit.ts';
import type { Audit } from '../audit/audit.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../host/logger.ts';
import type { LiveChanges } from '../live/live-changes.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { Tracer } from '../trace/tracer.ts';
import { bindAccessRoutes } from './access-routes.ts';
import { bindAuditRoutes } from './audit-routes.ts';
import { type AwayRouteParts, bindAwayRoutes } from './away-routes.ts';
import { type BackupRouteParts, bindBackupRoutes } from './backup-routes.ts';
import { OperationBinder } from './bind.ts';
import { answerBrokenRequest } from './broken-request.ts';
import type { Caller } from './caller.ts';
import { bindChatRoutes, type ChatRouteParts } from './chat-routes.ts';
import { limitConnections } from './connection-limit.ts';
import { bindCronRoutes, type CronRouteParts } from './cron-routes.ts';
import { serveDocs } from './docs.ts';
import { answerErrors, sendError, toGatewayError } from './error-answers.ts';
import { bindGatewayRoutes, type GatewayRouteParts } from './gateway-routes.ts';
import { callerOf, guard } from './guard.ts';
import { hideSecrets } from './hide-secrets.ts';
import { acceptJson } from './json-body.ts';
import { bindLiveRoutes } from './live-routes.ts';
import { createLocalClient } from './local-client.ts';
import { serveMcp } from './mcp-route.ts';
import { bindMemoryRoutes, type MemoryRouteParts } from './memory-routes.ts';
import { bindMetricsRoutes, type MetricsRouteParts, servePrometheus } from './metrics-routes.ts';
import { bindOutboxRoutes, type OutboxRouteParts } from './outbox-routes.ts';
import { bindOverviewRoutes, type OverviewRouteParts } from './overview-routes.ts';
import { serveOpenPage } from './page/open-page.ts';
import { PageFiles } from './page/page-files.ts';
import { servePage } from './page/serve-page.ts';
import { bindReportRoutes, type ReportRouteParts, serveReportFiles } from './report-routes.ts';
import { bindSearchRoutes } from './search-routes.ts';
import { securityHeaders } from './security-headers.ts';
import { bindSignInRoutes, type SignInRouteParts } from './sign-in-routes.ts';
import { bindSystemRoutes, type SystemRouteParts } from './system-routes.ts';
import { bindTaskRoutes, type TaskRouteParts } from './task-routes.ts';
import { traceRequests } from './trace-requests.ts';
import { bindTurnRoutes, type TurnRouteParts } from './turn-routes.ts';

/** What the HTTP server serves. */
export interface HttpParts
  extends ChatRouteParts,
    CronRouteParts,
    GatewayRouteParts,
    TurnRouteParts,
    TaskRouteParts,
    AwayRouteParts,
    BackupRouteParts,
    SystemRouteParts,
    MemoryRouteParts,
    MetricsRouteParts,
    OutboxRouteParts,
    OverviewRouteParts,
    SignInRouteParts,
    ReportRouteParts {
  readonly logger: Logger;
  readonly tokens: AccessTokens;
  readonly sockets: CallerSockets;
  readonly streams: StreamLimit;
  readonly secrets: KnownSecrets;
  readonly audit: Audit;
  readonly live: LiveChanges;
  /** Where the built page is; it need not be there. */
  readonly pageDirectory: string | undefined;
  readonly tracer: Tracer;
}

/** The server, and what it serves. */
export interface HttpSide {
  readonly app: FastifyInstance;
  /** Ids of the contract's operations that are served. */
  readonly bound: ReadonlySet<string>;
  /** Calls them from within this process. */
  readonly clientFor: (caller: Caller) => Client;
}

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

/** How often connections are looked at that are slow to say what they want, in milliseconds. */
const lookEveryMs = 5_000;

/** After this time without a word, the system asks whether the other side is still there. In milliseconds. */
const askAfterMs = 60_000;

/** More than Node takes of a whole request line: how long an id may be is said by the contract. */
const longestParameter = 16 * 1024;

/** The HTTP side of the gateway; it does not listen yet. */
export async function createServer(parts: HttpParts): Promise<HttpSide> {
  const { config } = parts;
  const limitMb = config.GATEWAY_MAX_BODY_MB;
  const requestMs = config.GATEWAY_REQUEST_TIMEOUT * 1000;
  const loggerInstance: FastifyBaseLogger = parts.logger;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limitMb * megabyte,
    routerOptions: { maxParamLength: longestParameter },
    // The contract parses what comes and makes what goes; compilers of schemas would only be loaded at each start.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    frameworkErrors: (fault, _request, reply) =>
      sendError(reply.headers(securityHeaders), toGatewayError(fault, limitMb)),
    requestTimeout: requestMs,
    keepAliveTimeout: config.GATEWAY_KEEP_ALIVE_TIMEOUT * 1000,
    http: {
      maxHeaderSize: config.GATEWAY_MAX_HEADER_KB * kilobyte,
      headersTimeout: requestMs,
      connectionsCheckingInterval: lookEveryMs,
      keepAlive: true,
      keepAliveInitialDelay: askAfterMs,
    },
    forceCloseConnections: true,
    return503OnClosing: false,
    clientErrorHandler: (fault, socket) => answerBrokenRequest(fault, socket),
  });
  // Node drops headers from the 2000th on, such as the one by which a proxy says that it is one. How long they may
  // be altogether is limited already.
  app.server.maxHeadersCount = 0;
  limitConnections(app.server, config.GATEWAY_MAX_CONNECTIONS);
  traceRequests(app, parts.tracer);
  guard(app, {
    authenticator: parts.authenticator,
    sockets: parts.sockets,
    cookie: parts.cookie,
    browsers: browserRules(config),
    maxUrlKb: config.GATEWAY_MAX_URL_KB,
    takeWithinMs: requestMs,
  });
  acceptJson(app);
  answerErrors(app, limitMb);
  hideSecrets(app, parts.secrets);
  const binder = new OperationBinder(app, { ...parts, callerOf });
  bindAccessRoutes(binder, parts.tokens);
  bindSignInRoutes(binder, parts);
  bindSystemRoutes(binder, parts);
  bindGatewayRoutes(binder, parts);
  bindTurnRoutes(binder, parts);
  bindTaskRoutes(binder, parts);
  bindAwayRoutes(binder, parts);
  bindChatRoutes(binder, parts);
  bindOutboxRoutes(binder, parts);
  bindAuditRoutes(binder, parts.audit);
  bindCronRoutes(binder, parts);
  bindMemoryRoutes(binder, parts);
  bindSearchRoutes(binder, parts.search);
  bindMetricsRoutes(binder, parts);
  bindOverviewRoutes(binder, parts);
  bindLiveRoutes(binder, parts.live);
  bindReportRoutes(binder, parts);
  serveReportFiles(app, parts.reports);
  bindBackupRoutes(binder, parts);
  servePrometheus(app, parts.gatewayMetrics);
  serveMcp(app, binder, parts);
  await serveDocs(app);
  serveOpenPage(app);
  await servePage(app, new PageFiles(parts.pageDirectory));
  await app.ready();
  const clientFor = (caller: Caller): Client => createLocalClient(binder, caller);
  return { app, bound: binder.bound, clientFor };
}

function noSchemas(): never {
  throw new Error('a route has a schema of its own: let the contract say what it takes');
}

const browserRules = ({
  HOST,
  MCB_ALLOWED_HOSTS = [],
  MCB_ALLOWED_ORIGINS = [],
}: Config): BrowserRules => ({
  hosts: new Set([HOST, ...MCB_ALLOWED_HOSTS].map((host) => host.toLowerCase())),
  origins: new Set(MCB_ALLOWED_ORIGINS),
});
