import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { ChatHistoryRepo } from '../history/chat-history-repo.ts';
import type { Logger } from '../host/logger.ts';
import { OperationBinder } from './bind.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { bindChatRoutes } from './chat-routes.ts';
import { bindCronRoutes, type CronRouteParts } from './cron-routes.ts';
import { serveDocs } from './docs.ts';
import { answerErrors, sendError, toGatewayError } from './error-answers.ts';
import { bindGatewayRoutes, type GatewayRouteParts } from './gateway-routes.ts';
import { acceptJson } from './json-body.ts';
import { bindOutboxRoutes, type OutboxRouteParts } from './outbox-routes.ts';
import { bindSystemRoutes } from './system-routes.ts';
import { bindTurnRoutes, type TurnRouteParts } from './turn-routes.ts';

/** What the HTTP server serves. */
export interface HttpParts
  extends CronRouteParts,
    GatewayRouteParts,
    TurnRouteParts,
    OutboxRouteParts {
  readonly history: ChatHistoryRepo;
  readonly logger: Logger;
}

const megabyte = 1024 * 1024;

/** More than Node takes of a whole request line: how long an id may be is said by the contract. */
const longestParameter = 16 * 1024;

/** The HTTP side of the gateway; it does not listen yet. */
export async function createServer(
  parts: HttpParts,
): Promise<{ app: FastifyInstance; bound: ReadonlySet<string> }> {
  const limitMb = parts.config.GATEWAY_MAX_BODY_MB;
  const loggerInstance: FastifyBaseLogger = parts.logger;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limitMb * megabyte,
    routerOptions: { maxParamLength: longestParameter },
    frameworkErrors: (fault, _request, reply) => sendError(reply, toGatewayError(fault, limitMb)),
    forceCloseConnections: true,
    return503OnClosing: false,
    clientErrorHandler: (fault, socket) => answerBrokenRequest(fault, socket),
  });
  acceptJson(app);
  answerErrors(app, limitMb);
  const binder = new OperationBinder(app, parts.clock);
  bindSystemRoutes(binder, parts);
  bindGatewayRoutes(binder, parts);
  bindTurnRoutes(binder, parts);
  bindChatRoutes(binder, parts.history);
  bindOutboxRoutes(binder, parts);
  bindCronRoutes(binder, parts);
  await serveDocs(app);
  await app.ready();
  return { app, bound: binder.bound };
}
