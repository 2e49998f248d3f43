import type { FastifyInstance } from 'fastify';
import { noTracer, type Span, type Tracer } from '../trace/tracer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined where it is not traced. */
    span: Span | undefined;
  }
}

/** Asked again and again by programs that look whether all is well. */
const untold = new Set(['/api/health', '/health', '/metrics']);

/**
 * A span for each request, from its first line to the end of its answer; a `traceparent` that comes with it is gone on
 * with. What its handler does is a part of it.
 */
export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  if (tracer === noTracer) return;
  app.decorateRequest('span', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    // The route, not the address: that has ids in it.
    const route = request.routeOptions.url ?? 'none';
    if (untold.has(route)) return done();
    const { traceparent } = request.headers;
    const span = tracer.start(`${request.method} ${route}`, {
      kind: 'server',
      parent: typeof traceparent === 'string' ? traceparent : undefined,
      facts: { 'http.request.method': request.method, 'http.route': route },
    });
    request.span = span;
    reply.raw.once('close', () => {
      const { statusCode, writableFinished } = reply.raw;
      span.set({ 'http.response.status_code': statusCode });
      if (statusCode >= 500) span.end(String(statusCode));
      else span.end(writableFinished ? undefined : 'gone');
    });
    done();
  });
  app.addHook('preHandler', ({ span }, _reply, done) => {
    if (span === undefined) done();
    else tracer.within(span, done);
  });
}
