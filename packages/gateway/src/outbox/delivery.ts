import type {
  BotId,
  ChatKey,
  DeliveryChannel,
  DeliveryId,
  DeliveryReason,
  DeliverySource,
  DeliveryState,
} from '@mini-claude-bot/contract';
import type { TelegramEntity } from '../telegram/entities.ts';
import type { TraceContext } from '../trace/tracer.ts';

/** How a text is written: as Claude writes it, or with nothing in it that stands for something else. */
export type Format = 'markdown' | 'plain';

/** Something to tell a chat. */
export interface NewDelivery extends ChatKey {
  readonly text: string;
  readonly format: Format;
  readonly source: DeliverySource;
  /** The progress message that this takes the place of, by its `ref`. */
  readonly endsProgress?: string;
}

export interface DeliveryRow {
  readonly seq: number;
  readonly id: DeliveryId;
  readonly bot_id: BotId;
  readonly chat_id: string;
  readonly source_kind: DeliverySource['kind'];
  readonly source_id: string;
  readonly text: string;
  readonly format: Format;
  readonly state: DeliveryState;
  readonly reason: DeliveryReason | null;
  readonly detail: string | null;
  readonly moved_to: string | null;
  readonly attempts: number;
  readonly not_before_ms: number;
  readonly created_at_ms: number;
  readonly finished_at_ms: number | null;
  readonly channel: DeliveryChannel;
  /** What it is a part of, where traces are kept. */
  readonly trace_context: TraceContext | null;
}

/** One message of a delivery, as it goes to Telegram. */
export interface MessagePart {
  readonly kind: 'text' | 'document';
  /** Of a document: its caption. What is in it is the delivery's file, or else its text. */
  readonly text: string;
  readonly entities: readonly TelegramEntity[];
}

export interface PartRow extends MessagePart {
  readonly n: number;
  /** Without its entities, which Telegram refused. */
  readonly plain: boolean;
  readonly state: 'queued' | 'sending' | 'delivered';
  readonly message_id: number | null;
  readonly maybe_duplicate: boolean;
}
