/* In place of @camunda/feel-builtins (build.mjs): the functions and what they give come from our own guide. */

export const camundaBuiltins: readonly never[] = [];
