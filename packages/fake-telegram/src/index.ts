export type { Answer, Call, Script } from './answer.ts';
export { checkEntities } from './check-entities.ts';
export type { Entity, Message, SentDocument } from './message.ts';
export { type FakeTelegram, type FakeTelegramOptions, startFakeTelegram } from './server.ts';
