import { z } from 'zod';

const Parts = z.union([
  z.tuple([z.string(), z.string()]),
  z.tuple([z.string(), z.string(), z.string()]),
]);

/** What a lane's full name says; undefined: it is none. */
export function laneOfText(
  text: string,
): { readonly botId: string; readonly chatId: string; readonly lane: string } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parts = Parts.safeParse(json).data;
  if (parts === undefined) return undefined;
  const [botId, chatId, lane = 'main'] = parts;
  return { botId, chatId, lane };
}
