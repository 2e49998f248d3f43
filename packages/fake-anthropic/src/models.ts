const model = (id: string, display_name: string, created_at: string) => ({
  type: 'model',
  id,
  display_name,
  created_at,
});

const data = [
  model('claude-opus-5-5', 'Claude Opus 5.5', '2026-01-01T00:00:00Z'),
  model('claude-sonnet-4-5', 'Claude Sonnet 4.5', '2025-09-29T00:00:00Z'),
  model('claude-haiku-4-5', 'Claude Haiku 4.5', '2025-10-15T00:00:00Z'),
];

/** A page of models in the API's form, see https://docs.anthropic.com/en/api/models-list. The fake answers
 * for any model name; these are listed only so that the list is not empty. */
export const models = {
  data,
  has_more: false,
  first_id: data.at(0)?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
};
