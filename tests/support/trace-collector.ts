import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const id = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const nanos = z.string().regex(/^\d{19}$/);
const Value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: z.union([z.int(), z.string()]) }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
]);
const Attributes = z
  .array(z.strictObject({ key: z.string(), value: Value }))
  .transform((pairs) =>
    Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]])),
  );

/** A span as OTLP's JSON has it (opentelemetry/proto/trace/v1). */
const OtlpSpan = z.object({
  traceId: id(32),
  spanId: id(16),
  parentSpanId: id(16).optional(),
  name: z.string(),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes: Attributes,
  events: z.array(z.object({ name: z.string(), timeUnixNano: nanos })),
  status: z.object({ code: z.int().min(0).max(2), message: z.string().optional() }),
});
export type OtlpSpan = z.infer<typeof OtlpSpan>;

const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(OtlpSpan) })),
    }),
  ),
});

/** Takes traces by OTLP over HTTP, as JSON, and reads them as the protocol has them. */
export interface TraceCollector {
  readonly url: string;
  readonly spans: readonly OtlpSpan[];
  /** Of each export that came, the attributes of who sent it. */
  readonly resources: readonly Readonly<Record<string, unknown>>[];
  /** All that came, as it came. */
  readonly bodies: readonly string[];
  /** What is no OTLP. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

/** @param key what `x-key` must be */
export async function startTraceCollector(key: string): Promise<TraceCollector> {
  const spans: OtlpSpan[] = [];
  const resources: Record<string, unknown>[] = [];
  const bodies: string[] = [];
  const faults: string[] = [];
  const take = (body: string): void => {
    bodies.push(body);
    const parsed = Export.safeParse(JSON.parse(body));
    if (!parsed.success) return void faults.push(parsed.error.message);
    for (const { resource, scopeSpans } of parsed.data.resourceSpans) {
      resources.push(resource.attributes);
      spans.push(...scopeSpans.flatMap((scope) => scope.spans));
    }
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const asked = `${request.method} ${request.url} ${request.headers['content-type']}`;
      if (asked !== 'POST /v1/traces application/json') faults.push(asked);
      else if (request.headers['x-key'] !== key) faults.push('the key is missing');
      else take(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    resources,
    bodies,
    faults,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
