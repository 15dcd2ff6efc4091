/* The words of the drawing board in Chinese. What is missing is shown as it is, and kept for the tests to find. */
import { zh } from "./dictionary";

export const missing = new Set<string>();

export function translate(template: string, replacements: Readonly<Record<string, string>> = {}): string {
  const found = zh[template];
  if (found === undefined && template !== "") missing.add(template);
  return (found ?? template).replace(/\{([^}]+)\}/gu, (whole, key: string) => replacements[key] ?? whole);
}
