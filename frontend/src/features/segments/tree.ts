/**
 * The filter tree as the builder edits it: pure functions from one tree to the next.
 *
 * A path is the list of child positions from the root; the only child of a `not` is 0. The server alone decides whether a tree is valid:
 * here we only know when a condition still lacks a value, so that half a sentence is not counted.
 */

export type Join = "all" | "any";
export type Value = string | number | (string | number)[] | null | undefined;
export type Condition = { field: string; op?: string; value?: Value; [part: string]: Value };
export type Group = { all: Tree[] } | { any: Tree[] };
export type Negation = { not: Tree };
export type Tree = Group | Negation | Condition;
export type Path = readonly number[];

/** What the builder needs to know of a field; the server's list carries more. */
export type FieldShape = { key: string; kind: string; operators: readonly string[] };

export const EMPTY_TREE: Group = { all: [] };

export const isGroup = (node: Tree): node is Group => "all" in node || "any" in node;
export const isNegation = (node: Tree): node is Negation => "not" in node;
export const isCondition = (node: Tree): node is Condition => "field" in node;

export function joinOf(node: Group): Join {
  return "all" in node ? "all" : "any";
}

export function childrenOf(node: Tree): Tree[] {
  if (isCondition(node)) return [];
  if (isNegation(node)) return [node.not];
  return "all" in node ? node.all : node.any;
}

export function group(join: Join, children: Tree[]): Group {
  return join === "all" ? { all: children } : { any: children };
}

function withChildren(node: Tree, children: Tree[]): Tree {
  if (isNegation(node)) return { not: children[0] ?? EMPTY_TREE };
  return isGroup(node) ? group(joinOf(node), children) : node;
}

/** The builder always shows a group at the top, so that «all of these / any of these» has a place to stand. */
export function asGroup(tree: Tree): Group {
  return isGroup(tree) ? tree : { all: [tree] };
}

export function nodeAt(tree: Tree, path: Path): Tree | undefined {
  return path.reduce<Tree | undefined>((node, step) => (node ? childrenOf(node)[step] : undefined), tree);
}

export function replaceAt(tree: Tree, path: Path, next: Tree): Tree {
  const [step, ...rest] = path;
  if (step === undefined) return next;
  const children = childrenOf(tree).map((child, index) => (index === step ? replaceAt(child, rest, next) : child));
  return withChildren(tree, children);
}

export function appendTo(tree: Tree, path: Path, next: Tree): Tree {
  const parent = nodeAt(tree, path);
  if (!parent || !isGroup(parent)) return tree;
  return replaceAt(tree, path, withChildren(parent, [...childrenOf(parent), next]));
}

/** Removes a node, then whatever it leaves empty above it; the root group may be empty. */
export function removeAt(tree: Tree, path: Path): Tree {
  if (path.length === 0) return EMPTY_TREE;
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(tree, parentPath);
  if (!parent) return tree;
  const left = childrenOf(parent).filter((_, index) => index !== path[path.length - 1]);
  if (left.length === 0 && parentPath.length > 0) return removeAt(tree, parentPath);
  return replaceAt(tree, parentPath, withChildren(parent, left));
}

export function joinAt(tree: Tree, path: Path, join: Join): Tree {
  const node = nodeAt(tree, path);
  return node && isGroup(node) ? replaceAt(tree, path, group(join, childrenOf(node))) : tree;
}

/** Turns a node into its opposite and back, never into a double negation. */
export function negateAt(tree: Tree, path: Path): Tree {
  const node = nodeAt(tree, path);
  if (!node || path.length === 0) return tree;
  return replaceAt(tree, path, isNegation(node) ? node.not : { not: node });
}

export function conditionsIn(tree: Tree): Condition[] {
  return isCondition(tree) ? [tree] : childrenOf(tree).flatMap(conditionsIn);
}

/** The condition a field starts as when somebody picks it from the list. */
export function conditionFor(field: FieldShape): Condition {
  if (field.kind === "purchase") return { field: field.key, category_id: null, at_least: 1, days: 90, spent_at_least: null };
  if (field.kind === "consent") return { field: field.key, channel: "EMAIL", purpose: "MKT_OWN", is: "allowed" };
  const op = field.operators[0] ?? "is";
  return { field: field.key, op, value: valueFor(op) };
}

/** The empty value an operator starts from: two ends for a range, a list for «one of», nothing otherwise. */
export function valueFor(op: string): Value {
  return op === "between" || op === "in" || op === "not_in" ? [] : null;
}

/** A change of operator keeps the value where the new one can hold it. */
export function withOperator(condition: Condition, op: string): Condition {
  const isList = (each: string) => each === "in" || each === "not_in";
  const isSingle = (each: string) => !isList(each) && each !== "between" && each !== "in_last_days";
  const before = condition.op ?? "";
  const fits = (isList(before) && isList(op)) || (isSingle(before) && isSingle(op));
  return { ...condition, op, value: fits ? condition.value : valueFor(op) };
}

const isFilled = (value: Value) => value !== null && value !== undefined && value !== "";

export function isComplete(condition: Condition): boolean {
  if (!("op" in condition)) return "at_least" in condition ? isFilled(condition.at_least) : isFilled(condition.channel);
  const { op, value } = condition;
  if (!Array.isArray(value)) return isFilled(value);
  return value.every(isFilled) && (op === "between" ? value.length === 2 : value.length > 0);
}

function stripped(condition: Condition): Condition {
  return Object.fromEntries(Object.entries(condition).filter(([, value]) => isFilled(value))) as Condition;
}

/** What can be counted now: complete conditions alone, without empty parts; an empty group asks nothing. */
export function countable(tree: Tree): Tree {
  if (isCondition(tree)) return isComplete(tree) ? stripped(tree) : EMPTY_TREE;
  const kept = childrenOf(tree)
    .filter((child) => conditionsIn(child).some(isComplete))
    .map(countable);
  if (kept.length === 0) return EMPTY_TREE;
  return withChildren(tree, kept);
}

export function isEmpty(tree: Tree): boolean {
  return conditionsIn(tree).length === 0;
}

export function isFinished(tree: Tree): boolean {
  return conditionsIn(tree).every(isComplete);
}
