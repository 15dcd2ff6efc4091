/** Send one file and check that what arrived is what was sent. */
import { words } from "./words";

export interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly thumb: string;
  readonly takenAt: string;
}

/** Upload a file; rejects with a sentence for the person. */
export async function upload(file: File, progress: (percent: number) => void): Promise<Uploaded> {
  const [digest, answer] = await Promise.all([digestOf(file), send(file, progress)]);
  const fields = record(answer);
  const arrived = text(fields["sha256"]);
  if (digest !== "" && arrived !== "" && digest !== arrived) throw new Error(words.digestDiffers(file.name));
  const id = text(fields["id"]);
  if (id === "") throw new Error(words.uploadFailed(file.name));
  return {
    id,
    name: text(fields["name"]) || file.name,
    url: text(fields["url"]),
    thumb: text(fields["thumb"]),
    takenAt: text(fields["taken_at"]),
  };
}

/** The SHA-256 of a file in hex; "" where the browser offers none (plain http). */
export async function digestOf(file: Blob): Promise<string> {
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return "";
  const digest = await subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function send(file: File, progress: (percent: number) => void): Promise<unknown> {
  const body = new FormData();
  body.append("file", file, file.name);
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const failed = (): void => reject(new Error(sentence(request.status, request.responseText, file.name)));
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(Math.floor((event.loaded * 100) / event.total));
    });
    request.addEventListener("load", () => (request.status < 300 ? resolve(parsed(request.responseText)) : failed()));
    request.addEventListener("error", failed);
    request.addEventListener("abort", failed);
    request.open("POST", "/files");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "");
    request.send(body);
  });
}

/** Why a file was not kept: what the server says (problem+json), else what the status means. */
export function sentence(status: number, answer: string, name: string): string {
  if (status === 401) return words.uploadSignedOut(name);
  return text(record(parsed(answer))["detail"]) || words.uploadFailed(name);
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return null;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
