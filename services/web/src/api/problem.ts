/** A refusal of the REST API (RFC 9457): `code` is stable, docs/rest-api.md lists them. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, detail: string, retryAfterSeconds?: number) {
    super(detail || code);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The code of a refusal; of every other failure it is `otherwise`. */
export function codeOf(error: unknown, otherwise = 'unknown'): string {
  return error instanceof Problem ? error.code : otherwise;
}

/** Reads the problem out of an answer that is not a success. */
export async function problemOf(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get('Retry-After') ?? NaN);
  let body: { code?: unknown; detail?: unknown } = {};
  try {
    body = await response.json() as typeof body;
  } catch {
    // A proxy in between answers without a problem document: the status is all there is.
  }
  const code = typeof body.code === 'string' ? body.code : response.status >= 500 ? 'unavailable' : 'refused';
  return new Problem(response.status, code, typeof body.detail === 'string' ? body.detail : '', Number.isFinite(retryAfter) ? retryAfter : undefined);
}
