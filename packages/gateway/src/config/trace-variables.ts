import { z } from 'zod';
import { text, url } from './variable-kinds.ts';

/** Headers as OpenTelemetry writes them: `name=value,name=value`, each percent-encoded. */
const Headers = z.string().transform((value, context) => {
  const headers: Record<string, string> = {};
  for (const pair of value.split(',').filter((one) => one.trim() !== '')) {
    const at = pair.indexOf('=');
    try {
      if (at < 1) throw new Error('it has no name');
      headers[pair.slice(0, at).trim()] = decodeURIComponent(pair.slice(at + 1).trim());
    } catch {
      context.addIssue({ code: 'custom', message: 'it is no list of headers' });
      return z.NEVER;
    }
  }
  return headers;
});

/** Where traces go: the standard names of OpenTelemetry. */
export const traceVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: url(
    'A collector that takes traces by OTLP over HTTP, such as http://127.0.0.1:4318; unset: nothing is traced.',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: {
    parse: Headers,
    form: 'name=value, comma-separated',
    say: 'What the collector asks for, such as a key.',
    secret: true,
  },
  OTEL_SERVICE_NAME: {
    ...text('What the gateway is called in traces.'),
    default: 'mini-claude-bot',
  },
} as const;
