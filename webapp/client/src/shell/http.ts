/* Requests to our own server: always with the token, and every answer goes through a reader. */

export class AnswerError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

const LONGEST_WAIT = 8_000;

export type Reader<T> = (value: unknown) => T;

export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
}

export async function getJson<T>(url: string, read: Reader<T>, signal?: AbortSignal): Promise<T> {
  return answerOf(await fetch(url, { headers: ours(), ...(signal ? { signal } : {}) }), read);
}

export async function postForm<T>(url: string, body: FormData, read: Reader<T>, keepalive = false): Promise<T> {
  return answerOf(await fetch(url, { method: "POST", body, headers: ours(), keepalive }), read);
}

/** Tell whether the server answers, and is well. */
export async function isReachable(): Promise<boolean> {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(LONGEST_WAIT) });
    return answer.status < 500;
  } catch {
    return false;
  }
}

/** Read an object; anything else is an error of the server. */
export function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new TypeError("the answer is not an object");
  return value as Record<string, unknown>;
}

export function asText(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("the answer is not a text");
  return value;
}

function ours(): Record<string, string> {
  return { "Accept": "application/json", "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" };
}

async function answerOf<T>(response: Response, read: Reader<T>): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return read(body);
  const detail = typeof body === "object" && body !== null && "detail" in body ? String(body.detail) : "";
  throw new AnswerError(response.status, detail || response.statusText);
}
