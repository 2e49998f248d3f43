import * as access from './access.ts';
import * as chat from './chat.ts';
import * as gateway from './gateway.ts';
import * as metrics from './metrics.ts';
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
  listDeliveries: outbox.listDeliveries,
  getDelivery: outbox.getDelivery,
  retryDelivery: outbox.retryDelivery,
  getMetrics: metrics.getMetrics,
  refreshMetrics: metrics.refreshMetrics,
  pushMetrics: metrics.pushMetrics,
  ping: system.ping,
  health: system.health,
} as const;

export type Operations = typeof operations;
export type OperationId = keyof Operations;
