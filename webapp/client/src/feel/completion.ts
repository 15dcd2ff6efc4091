/* Which names may follow at a place: those whose words begin as what is typed, Chinese and spaces included. */

export interface Word {
  readonly name: string;
  /** How a function is written, with its parameters; empty for a variable. */
  readonly call: string;
  readonly detail: string;
  readonly info: string;
}

export interface Choice { readonly from: number; readonly words: readonly Word[] }

const TAIL = /[\p{L}\p{N}_?][\p{L}\p{N}_?. ]*$/u;
const MOST = 100;

/** Pure: the names that continue the text before the cursor, and where they begin; null where none does. */
export function choiceAt(before: string, words: readonly Word[], asked: boolean): Choice | null {
  if (inString(before)) return null;
  const tail = TAIL.exec(before)?.[0] ?? "";
  for (const typed of beginnings(tail)) {
    const found = matching(typed, words);
    if (found.length > 0) return { from: before.length - typed.length, words: found };
  }
  return asked && tail.trim() === "" ? { from: before.length, words: words.slice(0, MOST) } : null;
}

/** What may be the beginning of a name: the whole tail, then without its first word, and so on. */
function beginnings(tail: string): string[] {
  const starts = [...tail.matchAll(/(?<=^| )\S/gu)].map((found) => found.index);
  return starts.map((start) => tail.slice(start)).filter((typed) => typed !== "");
}

function matching(typed: string, words: readonly Word[]): Word[] {
  const wanted = typed.toLowerCase();
  const ranked = words.map((word) => ({ word, rank: rankOf(word.name.toLowerCase(), wanted) }));
  return ranked.filter(({ rank }) => rank < 3).sort((a, b) => a.rank - b.rank).map(({ word }) => word).slice(0, MOST);
}

/** 0 = begins so, 1 = a later word of it does, 2 = holds it (a single Latin letter is too little), 3 = no. */
function rankOf(name: string, wanted: string): number {
  if (name.startsWith(wanted)) return 0;
  const at = name.indexOf(wanted);
  if (at < 0) return 3;
  if (/[ _.]/u.test(name[at - 1] ?? "")) return 1;
  return wanted.length > 1 || /\p{Script=Han}/u.test(wanted) ? 2 : 3;
}

function inString(before: string): boolean {
  return (before.replace(/\\./gu, "").match(/"/gu) ?? []).length % 2 === 1;
}
