import { parseArgs } from 'node:util';
import { startFakeAnthropic } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port takes a number from 0 to 65535, not ${values.port}`);
  process.exit(2);
}

const fake = await startFakeAnthropic({ port, host: values.host });
console.log(`The Messages API stand-in listens on ${fake.url}
Point Claude Code at it with:
export ANTHROPIC_BASE_URL=${fake.url}
export ANTHROPIC_API_KEY=sk-ant-test
export CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1
export DISABLE_AUTOUPDATER=1`);

for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void fake.close());
