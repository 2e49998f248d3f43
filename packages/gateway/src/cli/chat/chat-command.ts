import { createClient } from '@mini-claude-bot/client';
import { BotId, ChatId, GatewayError, operations } from '@mini-claude-bot/contract';
import type { z } from 'zod';
import { gatewayPlace } from '../gateway-address.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { type AskEnd, ask, type ChatPlace, systemInterrupts } from './ask.ts';
import { readMessage } from './read-message.ts';
import { readPiped } from './read-piped.ts';
import { Surface } from './surface.ts';
import { TurnView } from './turn-view.ts';

/** As given on the command line. */
export interface ChatCommandOptions {
  readonly chatId: string;
  readonly bot?: string | undefined;
  readonly url?: string | undefined;
  /** undefined: where somebody watches. */
  readonly thinking?: boolean | undefined;
  /** Write text as it comes, also where stdout is no terminal. */
  readonly stream: boolean;
  /** Print the reply and how it ended, as one JSON object. */
  readonly json: boolean;
}

const exitCodes: Record<AskEnd, number> = {
  answered: 0,
  stopped: 130,
  left: 130,
  failed: 1,
  silent: 1,
  lost: 1,
  unreachable: 1,
};

/** Talk to a chat: in a terminal line by line, else all of the input as one message. @returns exit code */
export async function chatCommand(
  options: ChatCommandOptions,
  sources: ConfigSources,
): Promise<number> {
  const settings = readSettings(sources);
  const { url, token } = gatewayPlace(options.url, settings);
  const place: ChatPlace = {
    url,
    client: createClient({ baseUrl: url, token }),
    chatId: checkId(ChatId, 'The chat id', options.chatId),
    botId: checkId(BotId, 'The bot', options.bot ?? settings.config.MCB_BOT_ID),
  };
  if (options.json) return sendForPrograms(place, options);
  const terminals = openTerminals(options);
  return process.stdin.isTTY
    ? converse(place, terminals)
    : sendOnce(place, terminals, await readPiped(process.stdin));
}

function checkId(schema: z.ZodType<string>, what: string, id: string): string {
  const parsed = schema.safeParse(id);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ message }) => message).join(', ');
  throw new UserFault(`${what} ${JSON.stringify(id)} can't be used: it ${why}.`, 2);
}

interface Terminals {
  readonly aside: Surface;
  readonly newView: () => TurnView;
}

function openTerminals({ thinking, stream }: ChatCommandOptions): Terminals {
  // https://no-color.org
  const coloured = !process.env.NO_COLOR;
  const reply = new Surface(process.stdout, coloured);
  // On one terminal they are one surface, so that each knows where the other left the line.
  const aside = reply.isTerminal ? reply : new Surface(process.stderr, coloured);
  const live = stream || reply.isTerminal;
  const showThinking = thinking ?? aside.isTerminal;
  return { aside, newView: () => new TurnView({ reply, aside, showThinking, live }) };
}

const noGateway = (url: string): UserFault =>
  new UserFault(
    `No gateway answers at ${url}. Start it in another terminal with: npm start ` +
      '(or: npx mini-claude-bot start). Without an account: npm run demo',
  );

/** It is there, but does not let us in. */
const refused = ({ code, message }: GatewayError): UserFault =>
  new UserFault(
    code === 'unauthorized' ? `${message}\nGive it to this command as MCB_TOKEN.` : message,
  );

async function sendOnce(place: ChatPlace, { newView }: Terminals, text: string): Promise<number> {
  const end = await ask(place, text, newView(), systemInterrupts);
  if (end === 'unreachable') throw noGateway(place.url);
  return exitCodes[end];
}

/** The reply as a field: whatever stands in it, it is told from how it ended. */
async function sendForPrograms(
  place: ChatPlace,
  { thinking = false }: ChatCommandOptions,
): Promise<number> {
  if (process.stdin.isTTY) throw new UserFault('--json takes a message that is piped.', 2);
  const message = await readPiped(process.stdin);
  let reply = '';
  const gathered = new Surface(
    {
      write: (text) => {
        reply += String(text);
        return true;
      },
    },
    false,
  );
  const aside = new Surface(process.stderr, !process.env.NO_COLOR);
  const view = new TurnView({ reply: gathered, aside, showThinking: thinking, live: false });
  const end = await ask(place, message, view, systemInterrupts);
  if (end === 'unreachable') throw noGateway(place.url);
  const { botId: bot_id, chatId: chat_id } = place;
  const answer = { bot_id, chat_id, end, reply: reply.replace(/\n$/, '') };
  process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
  return exitCodes[end];
}

async function converse(place: ChatPlace, { aside, newView }: Terminals): Promise<number> {
  await greet(place, aside);
  const history: string[] = [];
  for (;;) {
    const output = process.stdout.isTTY ? process.stdout : process.stderr;
    const typed = await readMessage({ input: process.stdin, output, words: '> ', history });
    if (typed.kind === 'leave' || /^\/(quit|exit)$/.test(typed.text.trim())) return 0;
    if (typed.text.trim() === '') continue;
    const end = await ask(place, typed.text, newView(), systemInterrupts);
    if (end === 'unreachable') aside.line(noGateway(place.url).message, 'red');
    if (end === 'left') return exitCodes.left;
  }
}

async function greet({ client, url, chatId, botId }: ChatPlace, aside: Surface): Promise<void> {
  try {
    await client.call(operations.ping, {});
  } catch (error) {
    throw error instanceof GatewayError ? refused(error) : noGateway(url);
  }
  aside.line(`Chat ${chatId} of bot ${botId} at ${url}`, 'bold');
  aside.line('Ctrl-C stops an answer; /quit or Ctrl-D leaves.', 'dim');
}
