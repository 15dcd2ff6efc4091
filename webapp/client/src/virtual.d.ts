declare module "virtual:pages" {
  export const pages: Record<string, (() => Promise<{ start: (root: HTMLElement) => void }>) | undefined>;
}

declare module "htmx.org";

declare module "@bpmn-io/feel-editor" {
  export default class FeelEditor {
    constructor(config: Record<string, unknown>);
  }
}
