/** Tones of the chart, from the model with the most tokens to the one that stands for all others. */
const tones = ['bg-accent', 'bg-warn', 'bg-soft', 'bg-edge'] as const;

/** @param models those that are told apart, in their order */
export function modelTone(model: string | undefined, models: readonly string[]): string {
  const place = model === undefined ? -1 : models.indexOf(model);
  return tones[place] ?? 'bg-edge';
}
