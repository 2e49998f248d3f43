import * as access from './access.ts';
import * as chat from './chat.ts';
import * as cron from './cron.ts';
import * as gateway from './gateway.ts';
import * as outbox from './outbox.ts';
import * as system from './system.ts';
import * as turns from './turns.ts';

export const operations = {
  sendMessage: gateway.sendMessage,
  streamMessage: gateway.streamMessage,
  stopChat: gateway.stopChat,
  listSessions: gateway.listSessions,
  resetSession: gateway.resetSession,
  reapSessions: gateway.reapSessions,
  queueStatus: gateway.queueStatus,
  listTurns: turns.listTurns,
  getTurn: turns.getTurn,
  cancelTurn: turns.cancelTurn,
  followTurn: turns.followTurn,
  listChatSessions: chat.listChatSessions,
  getChatSession: chat.getChatSession,
  addChatMessage: chat.addChatMessage,
  createToken: access.createToken,
  listTokens: access.listTokens,
  revokeToken: access.revokeToken,
  listCronJobs: cron.listCronJobs,
  createCronJob: cron.createCronJob,
  previewCron: cron.previewCron,
  listCronIncidents: cron.listCronIncidents,
  acknowledgeCronIncident: cron.acknowledgeCronIncident,
  getCronJob: cron.getCronJob,
  updateCronJob: cron.updateCronJob,
  deleteCronJob: cron.deleteCronJob,
  runCronJob: cron.runCronJob,
  pauseCronJob: cron.pauseCronJob,
  resumeCronJob: cron.resumeCronJob,
  cronHistory: cron.cronHistory,
  listDeliveries: outbox.listDeliveries,
  getDelivery: outbox.getDelivery,
  retryDelivery: outbox.retryDelivery,
  ping: system.ping,
  health: system.health,
} as const;

export type Operations = typeof operations;
export type OperationId = keyof Operations;
