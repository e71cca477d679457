import { Problem, problemOf } from './problem.ts';

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

export function post<Answer>(path: string, body: unknown, token?: string): Promise<Answer> {
  return call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token === undefined ? {} : bearer(token)) },
    body: JSON.stringify(body),
  });
}

export async function call<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const text = await (await answered(path, init)).text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

/** An answer that is a success; everything else is thrown as `Problem`. */
export async function answered(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new Problem(0, 'offline', '');
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}
