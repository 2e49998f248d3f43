import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../host/logger.ts';

/** Hands spans on, and logs once when they begin to be refused, and once when they are taken again. */
export class ExporterThatTells implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #logger: Logger;
  #failing = false;

  constructor(inner: SpanExporter, logger: Logger) {
    this.#inner = inner;
    this.#logger = logger;
  }

  export(spans: ReadableSpan[], onResult: Parameters<SpanExporter['export']>[1]): void {
    this.#inner.export(spans, (result) => {
      const failed = result.error !== undefined || result.code !== 0;
      if (failed && !this.#failing) {
        // The error may repeat what was sent.
        const why = result.error?.message ?? 'no reason is known';
        this.#logger.warn({ why }, 'traces can not be sent to OTEL_EXPORTER_OTLP_ENDPOINT');
      }
      if (!failed && this.#failing) this.#logger.info('traces are sent again');
      this.#failing = failed;
      onResult(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.#inner.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }
}
