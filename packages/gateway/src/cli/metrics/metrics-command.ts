import { operations } from '@mini-claude-bot/contract';
import { askGateway } from '../ask-gateway.ts';
import type { ConfigSources } from '../settings.ts';

interface Asked {
  readonly url?: string | undefined;
  readonly json: boolean;
}

const print = (text: string): void => void process.stdout.write(text);

/** Send what is public to the dashboard. @returns exit code: 1 when it did not arrive */
export async function pushMetrics({ url, json }: Asked, sources: ConfigSources): Promise<number> {
  const result = await askGateway(url, sources, (client) =>
    client.call(operations.pushMetrics, {}),
  );
  if (json) print(`${JSON.stringify(result, undefined, 2)}\n`);
  else (result.pushed ? process.stdout : process.stderr).write(`${result.detail}\n`);
  return result.pushed ? 0 : 1;
}

/** Show the metrics as JSON. @returns exit code */
export async function showMetrics(
  url: string | undefined,
  sources: ConfigSources,
): Promise<number> {
  const metrics = await askGateway(url, sources, (client) =>
    client.call(operations.getMetrics, {}),
  );
  print(`${JSON.stringify(metrics, undefined, 2)}\n`);
  return 0;
}
