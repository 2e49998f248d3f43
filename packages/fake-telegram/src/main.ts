import { parseArgs } from 'node:util';
import { startFakeTelegram } from './server.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port takes a number from 0 to 65535, not ${values.port}`);
  process.exit(2);
}

const fake = await startFakeTelegram({
  port,
  script: ({ method, chatId, text }) => {
    console.log(`${method} ${chatId}\n${text}\n`);
    return undefined;
  },
});
console.log(`The Bot API stand-in listens on ${fake.url}
Point the gateway at it with:
export TELEGRAM_API_ROOT=${fake.url}
export TELEGRAM_BOT_TOKEN=123456:any-text-of-this-form
`);

for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void fake.close());
