import type { Config } from '../config/config.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { version } from '../host/version.ts';
import { noTracer, type Tracer } from './tracer.ts';

/** How traces are sent. */
export interface TraceOptions {
  /** Of a collector that takes OTLP over HTTP: `/v1/traces` comes after it. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is needed for traces is loaded only where somebody wants them. */
export async function openTracer(config: Config, clock: Clock, logger: Logger): Promise<Tracer> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return noTracer;
  const { OtelTracer } = await import('./otel-tracer.ts');
  return new OtelTracer({
    endpoint,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    serviceName: config.OTEL_SERVICE_NAME,
    version,
    clock,
    logger,
  });
}
