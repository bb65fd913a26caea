import { describe, expect, it } from "vitest";
import {
  type Condition,
  type Tree,
  appendTo,
  conditionFor,
  countable,
  isComplete,
  isFinished,
  joinAt,
  negateAt,
  nodeAt,
  removeAt,
  replaceAt,
  withOperator,
} from "./tree";

const age: Tree = { field: "age", op: "between", value: [30, 45] };
const city: Tree = { field: "city", op: "in", value: ["Bologna"] };
const late: Tree = { field: "last_purchase_days", op: "more_than", value: 60 };

describe("the tree under edit", () => {
  it("finds a node by its path, through a negation", () => {
    const tree: Tree = { all: [age, { not: { any: [city, late] } }] };

    expect(nodeAt(tree, [1, 0, 1])).toEqual(late);
    expect(nodeAt(tree, [4, 0])).toBeUndefined();
  });

  it("leaves the tree it was given as it was", () => {
    const tree: Tree = { all: [age] };

    const next = appendTo(tree, [], city);

    expect(tree).toEqual({ all: [age] });
    expect(next).toEqual({ all: [age, city] });
  });

  it("takes away a group that loses its last condition, but never the root", () => {
    const tree: Tree = { all: [{ not: { any: [city] } }] };

    expect(removeAt(tree, [0, 0, 0])).toEqual({ all: [] });
  });

  it("turns «all of these» into «any of these» and keeps what is inside", () => {
    expect(joinAt({ all: [age, city] }, [], "any")).toEqual({ any: [age, city] });
  });

  it("negates once and un-negates, never twice", () => {
    const tree: Tree = { all: [age] };

    const negated = negateAt(tree, [0]);

    expect(negated).toEqual({ all: [{ not: age }] });
    expect(negateAt(negated, [0])).toEqual(tree);
  });

  it("replaces one condition deep inside", () => {
    const tree: Tree = { any: [{ all: [age, city] }, late] };

    expect(replaceAt(tree, [0, 1], late)).toEqual({ any: [{ all: [age, late] }, late] });
  });
});

describe("half-written conditions", () => {
  it("know that a range needs both ends", () => {
    expect(isComplete({ field: "age", op: "between", value: [30] })).toBe(false);
    expect(isComplete({ field: "age", op: "between", value: [30, 45] })).toBe(true);
  });

  it("know that a list needs at least one value", () => {
    expect(isComplete({ field: "city", op: "in", value: [] })).toBe(false);
    expect(isComplete(city)).toBe(true);
  });

  it("start a purchase as any purchase of the last 90 days", () => {
    const bought = conditionFor({ key: "bought", kind: "purchase", operators: ["bought"] });

    expect(countable(bought)).toEqual({ field: "bought", at_least: 1, days: 90 });
  });

  it("are left out of the count while the rest is being written", () => {
    const tree: Tree = { all: [city, { field: "age", op: "between", value: [] }, { any: [{ field: "stage", op: "in", value: [] }] }] };

    expect(countable(tree)).toEqual({ all: [city] });
    expect(isFinished(tree)).toBe(false);
  });

  it("never leave an empty «any of these», which would choose nobody", () => {
    expect(countable({ any: [{ field: "stage", op: "in", value: [] }] })).toEqual({ all: [] });
  });

  it("keep their value when the new operator can hold it", () => {
    expect(withOperator({ field: "age", op: "at_least", value: 30 }, "at_most").value).toBe(30);
    expect(withOperator({ field: "age", op: "at_least", value: 30 }, "between").value).toEqual([]);
    expect(withOperator(city as Condition, "not_in").value).toEqual(["Bologna"]);
  });
});
