/* The colours of charts, light and dark. Heat goes in steps, because the middle of a gradient carries no text. */
export interface Colours {
  readonly main: string; readonly other: string; readonly ink: string; readonly quiet: string; readonly line: string; readonly surface: string;
  readonly heat: readonly string[]; readonly darkText: number;
}

export const LIGHT_HEAT = ["#EEF6F5", "#CFE6E2", "#9FCDC7", "#6CB0A9", "#1F7A74", "#0B4744"];

export function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const isDark = style.colorScheme === "dark";
  return {
    main: isDark ? "#62D0C4" : "#0F6B66",
    other: isDark ? "#66736F" : "#9AA5A1",
    ink: token("--ink"), quiet: token("--ink-3"), line: token("--line"), surface: token("--surface"),
    heat: isDark ? [...LIGHT_HEAT].reverse() : LIGHT_HEAT,
    darkText: isDark ? -1 : 4,
  };
}
