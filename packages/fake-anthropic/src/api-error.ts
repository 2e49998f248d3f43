/** Types and usual messages, as listed at https://docs.anthropic.com/en/api/errors. */
const known: ReadonlyMap<number, { type: string; message: string }> = new Map([
  [400, { type: 'invalid_request_error', message: 'Invalid request' }],
  [401, { type: 'authentication_error', message: 'invalid x-api-key' }],
  [402, { type: 'billing_error', message: 'Your account has a billing problem' }],
  [403, { type: 'permission_error', message: 'Request not allowed' }],
  [404, { type: 'not_found_error', message: 'Not found' }],
  [405, { type: 'invalid_request_error', message: 'Method Not Allowed' }],
  [413, { type: 'request_too_large', message: 'Request exceeds the maximum size' }],
  [429, { type: 'rate_limit_error', message: 'Number of requests has exceeded your rate limit' }],
  [500, { type: 'api_error', message: 'Internal server error' }],
  [504, { type: 'timeout_error', message: 'The request timed out' }],
  [529, { type: 'overloaded_error', message: 'Overloaded' }],
]);

/** The type and message the API uses for a status; for one it does not list, those of its class. */
export function usualError(status: number): { type: string; message: string } {
  const fallback = known.get(status < 500 ? 400 : 500);
  return known.get(status) ?? fallback ?? { type: 'api_error', message: 'Internal server error' };
}

/** The body of an error, of the same form as an `error` event in a stream. */
export type ErrorBody = {
  readonly type: 'error';
  readonly error: { readonly type: string; readonly message: string };
  readonly request_id: string;
};

/** Build the body for a status; type and message default to the API's usual ones. */
export function errorBody(
  status: number,
  requestId: string,
  details: { errorType?: string | undefined; message?: string | undefined } = {},
): ErrorBody {
  const usual = usualError(status);
  return {
    type: 'error',
    error: {
      type: details.errorType ?? usual.type,
      message: details.message ?? usual.message,
    },
    request_id: requestId,
  };
}
