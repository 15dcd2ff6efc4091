declare module "virtual:pages" {
  export const pages: Record<string, (() => Promise<{ start: (root: HTMLElement) => void }>) | undefined>;
}

declare module "htmx.org";
