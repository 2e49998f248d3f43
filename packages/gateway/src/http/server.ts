import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { ChatHistoryRepo } from '../history/chat-history-repo.ts';
import type { Logger } from '../host/logger.ts';
import { OperationBinder } from './bind.ts';
import { bindChatRoutes } from './chat-routes.ts';
import { serveDocs } from './docs.ts';
import { answerErrors } from './error-answers.ts';
import { bindGatewayRoutes, type GatewayRouteParts } from './gateway-routes.ts';
import { acceptJson } from './json-body.ts';
import { bindSystemRoutes } from './system-routes.ts';

/** What the HTTP server serves. */
export interface HttpParts extends GatewayRouteParts {
  readonly history: ChatHistoryRepo;
  readonly logger: Logger;
}

const megabyte = 1024 * 1024;

/** Longest id in a path: 255 bytes, each written as `%xx`. */
const longestParameter = 3 * 255;

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
    forceCloseConnections: true,
    return503OnClosing: true,
  });
  acceptJson(app);
  answerErrors(app, limitMb);
  const binder = new OperationBinder(app, parts.clock);
  bindSystemRoutes(binder, parts);
  bindGatewayRoutes(binder, parts);
  bindChatRoutes(binder, parts.history);
  await serveDocs(app);
  await app.ready();
  return { app, bound: binder.bound };
}
