import { operations } from '@mini-claude-bot/contract';
import type { FastifyInstance } from 'fastify';
import type { MetricsService } from '../metrics/metrics-service.ts';
import type { GatewayMetrics } from '../metrics/prometheus/gateway-metrics.ts';
import type { MetricsPush } from '../metrics/push/metrics-push.ts';
import type { OperationBinder } from './bind.ts';
import { refuseBound } from './guard.ts';

/** What the routes of metrics call. */
export interface MetricsRouteParts {
  readonly metrics: MetricsService;
  readonly metricsPush: MetricsPush;
  readonly gatewayMetrics: GatewayMetrics;
}

export function bindMetricsRoutes(
  binder: OperationBinder,
  { metrics, metricsPush }: MetricsRouteParts,
): void {
  binder.bind(operations.getMetrics, () => metrics.current());

  binder.bind(operations.refreshMetrics, async () => {
    const { timestamp } = await metrics.refresh();
    return { status: 'ok' as const, timestamp };
  });

  binder.bind(operations.pushMetrics, () => metricsPush.pushNow());
}

/** `GET /metrics`: what Prometheus asks for, in its text format. For the owner, as what is told is of all bots. */
export function servePrometheus(app: FastifyInstance, metrics: GatewayMetrics): void {
  app.get('/metrics', async (request, reply) => {
    refuseBound(request);
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}
